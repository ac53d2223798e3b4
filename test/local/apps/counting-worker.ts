import { silentLogger } from 'tallo';
import { startWorker } from 'tallo/local';
import { app } from './counting.ts';

const worker = await startWorker(app, { log: silentLogger });
process.once('SIGTERM', () => void worker.stop().then(() => app.close()));
process.send?.('ready');
