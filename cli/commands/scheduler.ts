import type { Command } from 'commander';
import { beatFunction } from '../../local/beat-function.ts';
import { startSchedulerEndpoint } from '../../local/endpoint/start-scheduler-endpoint.ts';
import { connectionTo } from '../../sdk/aws/connection.ts';
import { findAppFile } from '../app/find-app-file.ts';
import { loadApp } from '../app/load-app.ts';
import type { Context, Perform } from '../command.ts';
import { refuseTakenPort } from '../dev/refuse-taken-port.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readPort } from '../input/read-port.ts';
import { createLog } from '../output/log.ts';
import { askedToStop } from '../stop-signals.ts';
import { UsageError } from '../usage-error.ts';

export const examples = [
  'AWS_ENDPOINT_URL=http://127.0.0.1:4566 tallo scheduler',
  'AWS_ENDPOINT_URL=http://localstack:4566 tallo scheduler -A src/tasks.ts --port 4600',
];

interface Flags {
  readonly port: number;
}

export function define(command: Command, perform: Perform): void {
  command
    .option('-p, --port <number>', 'the port to listen at; 0: any free one', readPort, 4567)
    // The flags are what the readers above return.
    .action((flags: Flags) => perform((context) => serve(flags, context)));
}

async function serve({ port }: Flags, { app: named, output }: Context): Promise<ExitCode> {
  const queues = endpointOfQueues();
  const stopping = askedToStop();
  const log = createLog(output);
  // Without one, it is a scheduler for any app, and for none in particular.
  const app = named === undefined ? undefined : await loadApp(findAppFile(named));
  const starting = startSchedulerEndpoint({ port, log, ...(app && { functions: beatFunction(app, log) }) });
  const by = "another 'tallo scheduler'";
  const scheduler = await refuseTakenPort(starting, { port, by, command: 'tallo scheduler' });
  const { url } = scheduler;
  output.result({ url, queues, beat: app?.name ?? null }, welcome(url, queues, app?.name));
  await stopping;
  output.note('stopping ...');
  await scheduler.stop();
  await app?.close();
  return exitCodes.fine;
}

/** Schedules of a laptop must not send to the queues of an account by mistake. */
function endpointOfQueues(): string {
  const { endpoint } = connectionTo('SQS', {});
  if (endpoint !== undefined) return endpoint;
  throw new UsageError(
    'Expected AWS_ENDPOINT_URL to name the endpoint of the queues, such as LocalStack, got none: AWS itself needs no other scheduler.',
  );
}

function welcome(url: string, queues: string, app = 'none, name an app by -A'): string {
  return [
    `scheduler  ${url}`,
    `queues     ${queues}`,
    `beat       ${app}`,
    '',
    'For your other processes:',
    `export AWS_ENDPOINT_URL_SCHEDULER=${url}`,
    '',
    'ready',
  ].join('\n');
}
