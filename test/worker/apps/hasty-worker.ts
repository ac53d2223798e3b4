import { silentLogger } from 'tallo';
import { acceleratedClock, awsCloud, startWorker } from 'tallo/local';
import { app } from './studio.ts';

/** Serves the queue whose visibility is short, on a clock as fast as that of the test's endpoint. */
const { tableName, scheduleGroup } = app.topology();
const clock = acceleratedClock({ speed: Number(process.env.SPEED) });
app.connect(awsCloud({ tableName, scheduleGroup, clock }));
await startWorker(app, { queues: ['hasty'], log: silentLogger });
process.send?.('ready');
