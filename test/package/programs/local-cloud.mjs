import { silentLogger, Tallo } from 'tallo';
import { startLocalCloud } from 'tallo/local';

const app = new Tallo('store');
const add = app.task('math.add', (x, y) => x + y);
const cloud = await startLocalCloud(app, { log: silentLogger });
console.log(await (await add.delay(2, 3)).get({ timeout: '20s' }));
await cloud.stop();
