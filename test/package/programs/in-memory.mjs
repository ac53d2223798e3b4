import { silentLogger, Tallo } from 'tallo';
import { consumer } from 'tallo/functions';
import { memoryCloud } from 'tallo/testing';

const app = new Tallo('store');
const add = app.task('math.add', (x, y) => x + y);
memoryCloud(app, { handler: consumer(app, { log: silentLogger }) });
const result = await add.delay(2, 3);
console.log(await result.get(), await result.state());
