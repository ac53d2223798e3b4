// Writes down what the code that it lies in writes on the wire: node --conditions=tallo-source test/wire/versions/record.ts
// It runs in whatever tree it is copied to, so that a version of the past can be recorded too.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { recordBeat } from './beat-recording.ts';
import { fileOf, plays } from './plays.ts';
import { record } from './recording.ts';
import { pack } from './store.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
const folder = new URL(`./${version}/`, import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, play] of Object.entries(plays)) write(fileOf(name), await record(play));
write('beat.json', await recordBeat());

function write(file: string, recording: object): void {
  writeFileSync(new URL(file, folder), `${JSON.stringify(pack(recording), null, 1)}\n`);
}
