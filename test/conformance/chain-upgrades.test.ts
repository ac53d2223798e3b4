import { chain, chord, group } from 'tallo';
import { describe, expect, test } from 'vitest';
import { stage, type Value, valueFrom } from './stage.ts';

/** What was logged, cut into stages: which members of a stage came first does not matter. */
function stages(messages: readonly Value[], ...sizes: readonly number[]): Value[][] {
  const rest = [...messages];
  const cut = sizes.map((size) => rest.splice(0, size).toSorted());
  return [...cut, rest];
}

const done = [['1', '2', '3'], ['4', '5', '6'], ['7'], ['8'], ['9'], ['Done'], []];

describe('groups and chords in a chain', () => {
  test('52: upgraded chords, starting with a chord: each once, in order', async () => {
    await using s = stage();
    const echo = (text: string) => s.echo.si(text);
    const first = chord(group(echo('1'), echo('2'), echo('3')), group(echo('4'), echo('5'), echo('6')));
    await valueFrom(chain(first, group(echo('7')), group(echo('8')), echo('9'), echo('Done')));
    await s.cloud.untilIdle();
    expect(stages(s.messages, 3, 3, 1, 1, 1, 1)).toEqual(done);
  });

  test('53: upgraded chords, mixed', async () => {
    await using s = stage();
    const echo = (text: string) => s.echo.si(text);
    const first = chord(group(echo('1'), echo('2'), echo('3')), group(echo('4'), echo('5'), echo('6')));
    await valueFrom(chain(first, echo('7'), group(echo('8')), echo('9'), echo('Done')));
    await s.cloud.untilIdle();
    expect(stages(s.messages, 3, 3, 1, 1, 1, 1)).toEqual(done);
  });

  test.each([
    ['55: mixed canvas, the last a task', false],
    ['56: mixed canvas, the last a group of one', true],
  ])('%s', async (_name, isGroup) => {
    await using s = stage();
    const echo = (text: string) => s.echo.si(text);
    const numbers = (...texts: string[]) => group(texts.map(echo));
    const last = isGroup ? group(echo('Done')) : echo('Done');
    await valueFrom(chain(numbers('1', '2'), numbers('3', '4', '5'), numbers('6', '7', '8', '9'), last));
    await s.cloud.untilIdle();
    expect(stages(s.messages, 2, 3, 4, 1)).toEqual([
      ['1', '2'],
      ['3', '4', '5'],
      ['6', '7', '8', '9'],
      ['Done'],
      [],
    ]);
  });

  test('58: a chord in front of a chain: its last step runs once', async () => {
    await using s = stage();
    const a = s.echo.si('a');
    await valueFrom(chain(chain(group(a, a), group(a, a)), chain(a, s.echo.si('b'))));
    await s.cloud.untilIdle();
    expect(s.messages).toEqual(['a', 'a', 'a', 'a', 'a', 'b']);
  });

  test('50: a chord after a duplicated step has one group id', async () => {
    await using s = stage({}, { duplicates: 1 });
    const members = chord([s.echoGroupId.s(), s.identity.s()], s.identity.s());

    expect(await valueFrom(chain(s.identity.s(42), members))).toEqual([null, 42]);

    await s.cloud.untilIdle();
    expect(s.messages.length).toBeGreaterThanOrEqual(1);
    expect(new Set(s.messages).size).toBe(1);
  });
});
