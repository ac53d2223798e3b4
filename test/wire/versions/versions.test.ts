import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isJsonObject, type Json } from '../../../sdk/wire/json.ts';
import { without } from './additions.ts';
import { type BeatRecording, recordBeat, wakeAgain } from './beat-recording.ts';
import { fileOf, plays } from './plays.ts';
import { type Recording, record } from './recording.ts';
import { replay } from './replay.ts';
import { opened, pack, unpack } from './store.ts';

const folder = new URL('./', import.meta.url);
const versions = readdirSync(folder).filter((name) => /^\d+\.\d+\.\d+$/.test(name));
const beatFile = 'beat.json';

/** What each version has recorded, by the play; plays that are younger than it are not there. */
const recorded = versions.flatMap((version) =>
  Object.entries(plays).flatMap(([name, play]) => {
    const json = read(version, fileOf(name));
    return json === undefined ? [] : [{ version, name, play, json }];
  }),
);

const beats = versions.flatMap((version) => {
  const json = read(version, beatFile);
  return json === undefined ? [] : [{ version, json }];
});

function read(version: string, file: string): Json | undefined {
  const path = new URL(`${version}/${file}`, folder);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

test('every recording has its play', () => {
  const files = versions.flatMap((version) =>
    readdirSync(new URL(`${version}/`, folder)).filter((name) => name.endsWith('.json') && name !== beatFile),
  );

  expect(recorded).toHaveLength(files.length);
  expect(versions).toContain('0.1.0');
  expect(beats).toHaveLength(versions.length);
});

describe('what an older version left behind', () => {
  test.each(recorded)('ends as it would have there: $name, by $version', async ({ play, json }) => {
    const recording = unpack<Recording>(json);

    for (const half of recording.halves) {
      expect(await replay(play, { recording, half }), `at ${half.now}`).toEqual(recording.end);
    }
  });

  // The older version's reader passed over what it did not know, as this one does: so versions to come can write more.
  test.each(recorded)('may hold more than this version knows: $name, by $version', async ({ play, json }) => {
    const recording = unpack<Recording>(json);

    for (const half of recording.halves) {
      const end = await replay(play, { recording, half }, { altered: withMore });
      expect(end, `at ${half.now}`).toEqual(recording.end);
    }
  });

  test.each(beats)('wakes beat, which knows what is done: $version', async ({ json }) => {
    const recording = unpack<BeatRecording>(json);

    const { sent } = await wakeAgain(recording);

    expect(recording.second.sent.length).toBeGreaterThan(0);
    expect(opened(pack(sent))).toEqual(opened(pack(recording.second.sent)));
  });
});

// Code of the past cannot run here. It reads what it has written itself, so what is written today must be the same, save for additions.
describe('what this version writes', () => {
  test.each(recorded)('an older one has written too: $name, by $version', async ({ play, json }) => {
    const today = pack(await record(play));

    expect(without(opened(today))).toEqual(without(opened(json)));
  });

  test.each(beats)('an older beat has written too: $version', async ({ json }) => {
    const today = pack(await recordBeat());

    expect(without(opened(today))).toEqual(without(opened(json)));
  });
});

/** The message with a header, a mark, a property and a key beside them that nobody knows. */
function withMore(body: string): string {
  const isBase64 = !body.startsWith('{');
  const message: Json = JSON.parse(isBase64 ? Buffer.from(body, 'base64').toString() : body);
  if (!isJsonObject(message)) return body;
  const { headers = null, properties = null } = message;
  const { tallo = null, ...others } = isJsonObject(headers) ? headers : {};
  const more = {
    ...message,
    unknown: 1,
    headers: {
      ...others,
      'x-unknown': 1,
      tallo: { ...(isJsonObject(tallo) && tallo), unknown: { deep: 1 } },
    },
    properties: { ...(isJsonObject(properties) && properties), unknown: 1 },
  };
  const text = JSON.stringify(more);
  return isBase64 ? Buffer.from(text).toString('base64') : text;
}
