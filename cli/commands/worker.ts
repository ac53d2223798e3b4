import { type Command, Option } from 'commander';
import { beatFunction } from '../../local/beat-function.ts';
import { startWorker } from '../../local/worker.ts';
import type { Tallo } from '../../sdk/index.ts';
import { findAppFile } from '../app/find-app-file.ts';
import { loadApp } from '../app/load-app.ts';
import type { Context, Perform } from '../command.ts';
import { serveFunctionCalls } from '../dev/function-calls.ts';
import { provisionLoopback } from '../dev/provision-loopback.ts';
import { sendToDev } from '../dev/worker-ready.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { createLog } from '../output/log.ts';
import { askedToStop } from '../stop-signals.ts';

export const examples = [
  'tallo worker',
  'tallo worker -A src/tasks.ts -Q emails,heavy',
  'AWS_ENDPOINT_URL=http://127.0.0.1:4566 tallo worker --provision',
];

const awakeMs = 60_000;

interface Flags {
  readonly queues?: readonly string[];
  readonly provision?: boolean;
  readonly underDev?: boolean;
}

export function define(command: Command, perform: Perform): void {
  command
    .option(
      '-Q, --queues <names>',
      'the queues to serve, with commas between them (default: all)',
      splitNames,
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
  output.note('stopping when running batches have ended ...');
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

async function start({ queues, provision, underDev }: Flags, { app: named, output }: Context) {
  const app = await loadApp(findAppFile(named));
  if (provision) await provisionLoopback(app.topology());
  const log = createLog(output);
  const worker = await startWorker(app, { log, ...(queues && { queues }) });
  const ready = describe(app, queues);
  const text = `app ${ready.app}: serving ${ready.queues.join(', ')} (${ready.tasks.length} tasks)\nready`;
  if (!underDev) {
    output.result(ready, text);
    return { app, worker };
  }
  const calls = serveFunctionCalls(beatFunction(app, log));
  const { beatFunctionName } = app.topology();
  sendToDev({ ...ready, beatFunctionName, beat: [...app.beatEntries.keys()] });
  return { app, worker, calls };
}

function describe({ name, definitions, settings }: Tallo, queues?: readonly string[]) {
  return {
    app: name,
    tasks: [...definitions.keys()].toSorted(),
    queues: queues ?? [...settings.queues.keys()],
  };
}
