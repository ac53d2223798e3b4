import { silentLogger, Tallo } from 'tallo';
import { type LocalCloud, startLocalCloud, startWorker } from 'tallo/local';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PythonProcess, startPython } from './python-process.ts';

const app = new Tallo('large', { payloadBucket: 'large-messages' });
const measure = app.task('measure', (text: string) => [text.length, text.slice(-2)]);

type Answer = Readonly<Record<string, unknown>>;
const waiting = new Map<number, (answer: Answer) => void>();
let cloud: LocalCloud;
let python: PythonProcess;

beforeAll(async () => {
  cloud = await startLocalCloud(app, { worker: false, log: silentLogger });
  const settings = { endpoint: cloud.url, journal: '', queue: 'default', patience: 20 };
  python = await startPython(['interop.large', 'large-messages'], settings, (line) => {
    const { id, ...answer } = JSON.parse(line);
    waiting.get(id)?.(answer);
  });
});

afterAll(async () => {
  await python?.stop();
  await cloud?.stop();
});

function ask(request: object): Promise<Answer> {
  const id = waiting.size + 1;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    python.write(JSON.stringify({ id, ...request }));
  });
}

test("AWS's extended client in Python reads what Tallo has put into the bucket", async () => {
  const { id } = await measure.applyAsync(['é'.repeat(1_000_000)], { taskId: 'from-tallo' });

  const received = await ask({ receive: `${cloud.url}/000000000000/large-default` });

  expect(id).toBe('from-tallo');
  expect(received).toMatchObject({
    headers: { task: 'measure', id: 'from-tallo' },
    length: 1_000_000,
    end: 'éé',
  });
});

test('Tallo runs what Celery has put into the bucket by that client', async () => {
  const { taskId } = await ask({ call: 'measure', text: 'a🌿', times: 1_000_000 });
  await using _worker = await startWorker(app, { log: silentLogger });

  expect(await app.AsyncResult(String(taskId)).get({ timeout: '20s' })).toEqual([3_000_000, '🌿']);
  expect(cloud.traffic.count('S3.PutObject')).toBe(2);
});
