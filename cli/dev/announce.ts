import type { Output } from '../output/output.ts';
import type { WorkerReady } from './worker-ready.ts';

export interface AnnouncerOptions {
  readonly file: string;
  readonly url: string;
  readonly output: Output;
}

/** Tells the user of `tallo dev` how the worker fares: the first time at length, later in a line. */
export function announcer({ file, url, output }: AnnouncerOptions) {
  let isAnnounced = false;
  const facts = ({ app, tasks, queues, beat }: WorkerReady) => ({
    app,
    file,
    tasks,
    queues,
    beat,
    url,
  });
  return {
    ready: (worker: WorkerReady): void => {
      const again = `ready again: ${worker.tasks.length} tasks, ${worker.queues.length} queues`;
      if (isAnnounced) output.note(again);
      else output.result(facts(worker), welcome(worker, file, url));
      isAnnounced = true;
    },
    lost: (wasReady: boolean): void => {
      // One that was ready once loads: a task of it has ended its process, which Lambda would start again too.
      if (wasReady) output.error('The worker has ended by itself; starting it again ...');
      else output.error('The worker did not start; waiting for the next change ...');
    },
  };
}

function welcome({ app, tasks, queues, beat }: WorkerReady, file: string, url: string): string {
  return [
    `app     ${app} (${file})`,
    `tasks   ${tasks.join(', ') || 'none'}`,
    `queues  ${queues.join(', ')}`,
    ...(beat.length > 0 ? [`beat    ${beat.join(', ')}`] : []),
    `cloud   ${url}`,
    '',
    'For your other processes:',
    `export AWS_ENDPOINT_URL=${url}`,
    '',
    'ready',
  ].join('\n');
}
