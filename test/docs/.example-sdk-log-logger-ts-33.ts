import { jsonLogger } from 'tallo';

const lines: string[] = [];
const log = jsonLogger({ level: 'info', fields: { app: 'store' }, write: (line) => lines.push(line) });
log.debug('too detailed');
log.child({ taskId: '7' }).info('charged', { cents: 250 });

const { level, message, app, taskId, cents } = JSON.parse(lines[0] ?? '');
console.log(lines.length, level, message, app, taskId, cents); // 1 info charged store 7 250
