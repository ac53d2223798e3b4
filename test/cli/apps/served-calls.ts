// A process that serves calls as a worker under `tallo dev` does, and writes a file once they have ended.
import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { serveFunctionCalls } from '../../../cli/dev/function-calls.ts';

const [, , file = ''] = process.argv;
const calls = serveFunctionCalls({
  quick: async () => undefined,
  slow: () => setTimeout(300),
  failing: () => Promise.reject(new TypeError('as it must')),
});
process.once('disconnect', async () => {
  await calls.end();
  writeFileSync(file, 'ended');
});
