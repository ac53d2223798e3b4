import { chain, chord, group, Tallo } from 'tallo';
import { fixture } from '../../../conformance/fixture-tasks.ts';
import type { Anything } from '../../../conformance/world.ts';
import { type Cast, moreTasks, type stories } from '../../../workflows/stories.ts';
import type { Stage } from '../recording.ts';

/** As long as this a chain says nothing that a shorter one does not say. */
const tooLong = 'a chain of 42';

/** Every kind of workflow, large ones, one that Python has a part in, and groups that are saved. */
export function workflows(all: typeof stories): Readonly<Record<string, () => Stage>> {
  const small = Object.entries(all).filter(([name]) => name !== tooLong);
  return {
    ...Object.fromEntries(
      small.map(([name, make]) => [name, () => onStage((cast) => (make(cast) as Anything).delay())]),
    ),
    'a chain too large for a message': () => onStage((cast) => largeChain(cast).delay()),
    'a chord whose members are large': () => onStage((cast) => largeChord(cast).delay()),
    'a chord whose header is made while it is sent': () =>
      onStage((cast) => (chord(membersOf(cast), cast.tsum.s()) as Anything).delay()),
    'a chord with a stamp, a priority and an expiry': () => onStage((cast) => stampedChord(cast).delay()),
    'a group that is saved': () =>
      onStage(async (cast) => (await group(cast.add.s(1, 2), cast.add.s(3, 4)).delay()).save()),
    'a chord that Python has a part in': withPython,
  };
}

function onStage(play: (cast: Cast) => Promise<unknown>): Stage {
  const tasks = fixture();
  const cast = { ...tasks, ...moreTasks(tasks) };
  return {
    app: tasks.app,
    seen: tasks.messages,
    // The workflows ask for no cloud.
    act: (cloud) => play({ ...cast, cloud, [Symbol.asyncDispose]: async () => undefined }),
  };
}

const page = 'x'.repeat(300_000);

function largeChain({ identity, echo }: Cast): Anything {
  return chain(identity.si(page), identity.si(page), identity.si(page), identity.si(page), echo.si('end'));
}

function largeChord({ identity, add }: Cast): Anything {
  return chord(
    [identity.si(page), identity.si(page), add.si(1, 2)],
    chain(identity.si(page), identity.si('done')),
  );
}

function* membersOf({ add }: Cast) {
  for (let i = 0; i < 4; i += 1) yield add.si(i, 1);
}

function stampedChord({ add, tsum, echo }: Cast): Anything {
  const workflow: Anything = chord([add.s(1, 2), add.s(3, 4)], tsum.s().link(echo.s()));
  workflow.stamp({ tenant: 'acme' });
  return { delay: () => workflow.applyAsync([], { priority: 8, expires: '1h' }) };
}

/** Python's workers know Celery's counter, so such a chord is joined by that; nobody answers for the member in Python. */
function withPython(): Stage {
  const app = new Tallo('versions', {
    queues: { default: {}, python: { runOn: 'celery' } },
    routes: { 'py.*': 'python' },
  });
  const seen: unknown[] = [];
  const add = app.task('add', (x: number, y: number) => x + y);
  const note = app.task('note', (value: unknown) => void seen.push(value));
  const workflow = chord([add.s(1, 2), add.s(3, 4), app.signature('py.add', [5, 6])], note.s()) as Anything;
  return { app, seen, act: () => workflow.delay() };
}
