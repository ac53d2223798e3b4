import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scalingSteps } from '../../infra/long-tasks/scaling-steps.ts';

/** When a message comes, and how long its task runs, minutes. */
interface Work {
  readonly at: number;
  readonly minutes: number;
}

interface Container {
  readyAt: number;
  /** When its tasks end. */
  tasks: number[];
}

interface Settings {
  readonly batchSize: number;
  readonly most: number;
}

/** The alarm sees what was true a minute ago; a container takes another one to start. */
const lagMinutes = 1;
const startMinutes = 1;
const restMinutes = 5;

/**
 * A service of ECS, minute by minute. The policies say how many containers are wanted; of too many, only those are stopped that have nothing
 * to do, because the others are protected.
 */
class Service {
  readonly #settings: Settings;
  readonly waits: number[] = [];
  containers: Container[] = [];
  #wanted = 0;
  readonly #waiting: Work[] = [];
  readonly #backlogs: number[] = [];

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  minute(now: number, coming: readonly Work[]): void {
    for (const container of this.containers) container.tasks = container.tasks.filter((end) => end > now);
    this.#waiting.push(...coming);
    this.#begin(now);
    const running = this.containers.reduce((sum, { tasks }) => sum + tasks.length, 0);
    this.#backlogs.push(this.#waiting.length + running);
    this.#scale(now);
    this.#reconcile(now);
  }

  #begin(now: number): void {
    for (const container of this.containers) {
      while (container.readyAt <= now && container.tasks.length < this.#settings.batchSize) {
        const work = this.#waiting.shift();
        if (!work) return;
        container.tasks.push(now + work.minutes);
        this.waits.push(now - work.at);
      }
    }
  }

  #scale(now: number): void {
    const seen = this.#backlogs[now - lagMinutes] ?? 0;
    const step = scalingSteps(this.#settings).find(
      ({ lower = 0, upper = Number.POSITIVE_INFINITY }) => seen >= lower && seen < upper,
    );
    const recent = this.#backlogs.slice(0, now - lagMinutes + 1).slice(-restMinutes);
    if (step) this.#wanted = step.change;
    else if (recent.length === restMinutes && recent.every((backlog) => backlog === 0)) this.#wanted = 0;
  }

  #reconcile(now: number): void {
    while (this.containers.length < this.#wanted)
      this.containers.push({ readyAt: now + startMinutes, tasks: [] });
    const isIdle = ({ tasks }: Container) => tasks.length === 0;
    while (this.containers.length > this.#wanted) {
      const idle = this.containers.findLastIndex(isIdle);
      if (idle === -1) return;
      this.containers.splice(idle, 1);
    }
  }
}

/** Lets all of it happen, and an hour more. */
function live(works: readonly Work[], settings: Settings): Service {
  const service = new Service(settings);
  const end = works.reduce((sum, { at, minutes }) => Math.max(sum, at) + minutes, 0) + 60;
  for (let now = 0; now <= end; now += 1) {
    service.minute(
      now,
      works.filter(({ at }) => at === now),
    );
  }
  return service;
}

const works = fc.array(
  fc.record({ at: fc.integer({ min: 0, max: 300 }), minutes: fc.integer({ min: 1, max: 200 }) }),
  { minLength: 1, maxLength: 40 },
);

test('with containers enough, no message waits longer than for a metric and a start, whatever else runs', () => {
  fc.assert(
    fc.property(works, (given) => {
      const { waits } = live(given, { batchSize: 1, most: 40 });

      expect(waits).toHaveLength(given.length);
      expect(Math.max(...waits)).toBeLessThanOrEqual(lagMinutes + startMinutes + 1);
    }),
  );
});

test('with fewer containers, or several messages in each, all of it is done and then nothing is left running', () => {
  const settings = fc.record({
    batchSize: fc.integer({ min: 1, max: 5 }),
    most: fc.integer({ min: 1, max: 6 }),
  });
  fc.assert(
    fc.property(works, settings, (given, some) => {
      const { waits, containers } = live(given, some);

      expect(waits).toHaveLength(given.length);
      expect(containers).toEqual([]);
    }),
  );
});

test('a message that comes while others run for hours gets a container of its own', () => {
  const { waits } = live(
    [
      { at: 0, minutes: 300 },
      { at: 0, minutes: 300 },
      { at: 100, minutes: 300 },
    ],
    { batchSize: 1, most: 10 },
  );

  expect(waits).toEqual([2, 2, 2]);
});
