import { type Command, Option } from 'commander';
import { beatFunction } from '../../local/beat-function.ts';
import { startWorker } from '../../local/worker.ts';
import { isProcess } from '../../sdk/app/run-on.ts';
import type { Duration, Tallo } from '../../sdk/index.ts';
import { findAppFile } from '../app/find-app-file.ts';
import { loadApp } from '../app/load-app.ts';
import type { Context, Perform } from '../command.ts';
import { serveFunctionCalls } from '../dev/function-calls.ts';
import { provisionLoopback } from '../dev/provision-loopback.ts';
import { sendToDev } from '../dev/worker-ready.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readDuration } from '../input/read-time.ts';
import { createLog } from '../output/log.ts';
import { askedToStop } from '../stop-signals.ts';
import { needRegion } from '../worker/need-region.ts';
import { servedQueues } from '../worker/served-queues.ts';

export const examples = [
  'tallo worker',
  'tallo worker -A src/tasks.ts -Q emails,heavy',
  'tallo worker -Q videos --grace 10m',
  'AWS_ENDPOINT_URL=http://127.0.0.1:4566 tallo worker --provision',
];

const awakeMs = 60_000;

/** Who has changed the code does not want to wait for a task of hours that runs the old one. */
const graceUnderDev = '5s';

interface Flags {
  readonly queues?: readonly string[];
  readonly grace?: Duration;
  readonly provision?: boolean;
  readonly underDev?: boolean;
}

export function define(command: Command, perform: Perform): void {
  command
    .option(
      '-Q, --queues <names>',
      "the queues to serve, with commas between them (default: all; on AWS those with runOn 'fargate' or 'server')",
      splitNames,
    )
    .option(
      '--grace <time>',
      "how long tasks of queues with runOn 'fargate' or 'server' may go on when the worker is asked to stop, before they are interrupted and their messages given back: seconds, or such as 90s, 10m (default: 110s, since Fargate kills after 120)",
      readDuration('--grace'),
    )
    .option('--provision', 'create missing queues and the table; only on an endpoint of this machine')
    .addOption(new Option('--under-dev', "started by 'tallo dev'").hideHelp())
    // The flags are what the readers above return.
    .action((flags: Flags) => perform((context) => serve(flags, context)));
}

function splitNames(text: string): readonly string[] {
  return text.split(',').map((name) => name.trim());
}

async function serve(flags: Flags, context: Context): Promise<ExitCode> {
  const { output } = context;
  // A task may wait for something that does not keep a process alive.
  setInterval(() => {}, awakeMs);
  const stopping = flags.underDev ? untilDevEnds() : askedToStop();
  const running = await Promise.race([start(flags, context), stopping]);
  // Asked to stop before there was anything to stop.
  if (!running) return exitCodes.fine;
  await stopping;
  output.note(running.hasFunctions ? 'stopping when running batches have ended ...' : 'stopping ...');
  await running.worker.stop();
  // Beat may be at work, and needs the app for it.
  await running.calls?.end();
  await running.app.close();
  return exitCodes.fine;
}

/** Under `tallo dev`, Ctrl-C reaches this process too, but dev decides; and without dev there is nothing to work for. */
async function untilDevEnds(): Promise<void> {
  process.on('SIGINT', () => {});
  const { promise: devEnded, resolve } = Promise.withResolvers<void>();
  process.once('disconnect', resolve);
  await Promise.race([askedToStop({ signals: ['SIGTERM'] }), devEnded]);
}

async function start({ queues, grace, provision, underDev }: Flags, { app: named, loaded, output }: Context) {
  const app = loaded ?? (await loadApp(findAppFile(named)));
  if (provision) await provisionLoopback(app.topology());
  const log = createLog(output);
  const { served, left } = queues ? { served: queues, left: [] } : servedQueues(app);
  await needRegion();
  const patience = grace ?? (underDev ? graceUnderDev : undefined);
  const worker = await startWorker(app, {
    log,
    queues: served,
    ...(patience !== undefined && { grace: patience }),
  });
  const hasFunctions = served.some((name) => !isProcess(app.settings.queues.get(name)?.runOn ?? 'lambda'));
  const started = { app, worker, hasFunctions };
  const ready = describe(app, served);
  if (!underDev) {
    if (left.length > 0) output.note(`leaving ${left.join(', ')} to Lambda; --queues would name them`);
    output.result(ready, textOf(ready));
    return { ...started, calls: undefined };
  }
  const calls = serveFunctionCalls(beatFunction(app, log));
  const { beatFunctionName } = app.topology();
  sendToDev({ ...ready, beatFunctionName, beat: [...app.beatEntries.keys()] });
  return { ...started, calls };
}

type Ready = ReturnType<typeof describe>;

function describe({ name, definitions }: Tallo, queues: readonly string[]) {
  return { app: name, tasks: [...definitions.keys()].toSorted(), queues, pid: process.pid };
}

function textOf({ app, queues, tasks, pid }: Ready): string {
  return `app ${app}: serving ${queues.join(', ')} (${tasks.length} tasks), pid ${pid}\nready`;
}
