import { fixture } from '../../conformance/fixture-tasks.ts';

/** The tasks of the conformance list, in a queue of two lanes and another one, all served by functions. */
export const { app, ...tasks } = fixture({
  queues: { default: { timeLimit: 20, concurrency: 4 }, urgent: { timeLimit: 5, lanes: 2, concurrency: 4 } },
});
