import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { takeSnapshot } from '../../cli/schemas/snapshot.ts';
import { app } from '../../examples/app.ts';

const committed = new URL('../../tallo.schemas.json', import.meta.url);

test("the demo's tasks are as tallo.schemas.json says: after a change, npm run tallo -- schemas tells what waits, and --write takes it over", () => {
  expect(JSON.parse(readFileSync(committed, 'utf8'))).toEqual(takeSnapshot(app));
});
