import { Duration } from 'aws-cdk-lib';
import { crontab, Tallo } from 'tallo';
import { test } from 'vitest';
import { longestGap } from '../../infra/monitoring/silence.ts';
import { deployed, store } from './stacks.ts';

test('look', () => {
  const app = store({ queues: { emails: { lanes: 2, concurrency: 10 } }, payloadBucket: true });
  const { template } = deployed({ app, deployment: {} });
  const resources = template().toJSON().Resources;
  for (const [id, r] of Object.entries<any>(resources)) {
    if (/CloudWatch::Alarm|CodeDeploy|S3|Lambda::(Alias|Version|Event)/.test(r.Type))
      console.log(id, JSON.stringify(r, null, 1));
    if (/IAM/.test(r.Type) && /Deployment|Worker/.test(id)) console.log(id, JSON.stringify(r));
    if (/Dashboard/.test(r.Type)) console.log(id, JSON.stringify(r).length, JSON.stringify(r));
  }
  const t = new Tallo('x');
  const task = t.task('a', () => 1);
  for (const [n, s] of Object.entries({
    minute: crontab(),
    five: crontab({ minute: '*/5' }),
    daily: crontab({ hour: 8, minute: 0 }),
    work: crontab({ hour: '9-17', dayOfWeek: 'mon-fri', timezone: 'Europe/Madrid' }),
    weekly: crontab({ minute: 0, hour: 0, dayOfWeek: 1 }),
    monthly: crontab({ minute: 0, hour: 0, dayOfMonth: 1 }),
    june: crontab({ monthOfYear: 6 }),
  })) {
    const a = new Tallo('y');
    const k = a.task('a', () => 1);
    a.beat({ e: { task: k, schedule: s, timezone: 'Europe/Madrid' } });
    const t0 = performance.now();
    console.log(n, longestGap(a.beatEntries.values()) / 3600, performance.now() - t0);
  }
});
