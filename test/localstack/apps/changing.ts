import { Tallo } from 'tallo';

const seconds = Number(process.env.SECONDS ?? 40);

/** An app whose queues are others after a deployment with another SECONDS. */
export const app = new Tallo('changing', {
  queues: {
    default: { runOn: 'server', visibilityTimeout: seconds },
    quick: { timeLimit: seconds },
  },
});

export const waiting = app.task('waiting', () => undefined);
