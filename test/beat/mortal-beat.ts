import { type BeatEvent, type Cloud, silentLogger, type Tallo } from 'tallo';
import { beat } from 'tallo/functions';
import type { Death } from '../consumer/mortal-worker.ts';

const never = new Promise<never>(() => undefined);

/**
 * A beat function that can die. From then on its process is gone for the world: none of its requests arrives, and it never answers. The
 * next wake is served by a new process.
 */
export class MortalBeat {
  readonly #define: () => Tallo;
  readonly #cloud: () => Cloud;
  readonly #deaths: readonly Death[];
  #requests = 0;

  constructor(parts: { define: () => Tallo; cloud: () => Cloud; deaths?: readonly Death[] }) {
    this.#define = parts.define;
    this.#cloud = parts.cloud;
    this.#deaths = parts.deaths ?? [];
  }

  /** Requests that all processes have made. */
  get requests(): number {
    return this.#requests;
  }

  readonly handler = async (event: BeatEvent): Promise<void> => {
    const { promise: death, reject } = Promise.withResolvers<never>();
    let isDead = false;
    const die = () => {
      isDead = true;
      reject(new Error('the function was lost'));
    };
    const request = async (carryOut: () => Promise<unknown>): Promise<unknown> => {
      if (isDead) return never;
      const at = this.#requests++;
      const end = this.#deaths.find(({ atRequest }) => atRequest === at);
      if (!end) return carryOut();
      if (end.isCarriedOut) await carryOut();
      die();
      return never;
    };
    const app = this.#define();
    app.connect(mortal(this.#cloud(), request));
    await Promise.race([beat(app, { log: silentLogger })(event), death]);
  };
}

type Request = (carryOut: () => Promise<unknown>) => Promise<unknown>;

function mortal(cloud: Cloud, request: Request): Cloud {
  const guard = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const method = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...parameters: unknown[]) => request(() => method.apply(target, parameters));
      },
    });
  const { queues, table, timers, schedules, payloads, clock, chance } = cloud;
  return {
    queues: guard(queues),
    table: guard(table),
    timers: guard(timers),
    schedules,
    payloads: guard(payloads),
    clock,
    chance,
    close: async () => undefined,
  };
}
