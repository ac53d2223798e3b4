import { dirname, relative } from 'node:path';
import type { Command } from 'commander';
import { findAppFile } from '../app/find-app-file.ts';
import type { Context, Perform } from '../command.ts';
import { announcer } from '../dev/announce.ts';
import { type KeptWorker, keepWorker } from '../dev/keep-worker.ts';
import { openEndpoint } from '../dev/open-endpoint.ts';
import { watchFolder } from '../dev/watch-folder.ts';
import { startWorkerProcess } from '../dev/worker-process.ts';
import type { WorkerReady } from '../dev/worker-ready.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readPort } from '../input/read-port.ts';
import { askedToStop } from '../stop-signals.ts';

export const examples = ['tallo dev', 'tallo dev -A src/tasks.ts --port 4600'];

interface Flags {
  readonly port: number;
}

export function define(command: Command, perform: Perform): void {
  command
    .option('-p, --port <number>', 'the port of the local cloud; 0: any free one', readPort, 4566)
    // The flags are what the readers above return.
    .action((flags: Flags) => perform((context) => dev(flags, context)));
}

async function dev({ port }: Flags, { app, output }: Context): Promise<ExitCode> {
  let kept: KeptWorker | undefined;
  const stopping = askedToStop({ atOnce: () => kept?.kill() });
  const file = findAppFile(app);
  // Which app it is, the worker tells.
  const functions: Record<string, (event: unknown) => Promise<void>> = {};
  const endpoint = await openEndpoint({ port, functions });
  const { url } = endpoint;
  const news = announcer({ file: relative(process.cwd(), file), url, output });
  // Changes are watched before the code is read, so that none is missed.
  const watcher = await watchFolder(dirname(file), (changed) => {
    output.note(`${changed} has changed: the worker starts anew when its running batches have ended ...`);
    kept?.replace();
  });
  const lost = (wasReady: boolean) => {
    news.lost(wasReady);
    if (wasReady) kept?.restart();
  };
  const ready = (worker: WorkerReady) => {
    const { beatFunctionName } = worker;
    functions[beatFunctionName] = async (event) => kept?.call(beatFunctionName, event);
    news.ready(worker);
  };
  kept = keepWorker(() => startWorkerProcess({ file, url, json: output.json, onReady: ready, onLost: lost }));
  await stopping;
  output.note('stopping ...');
  await watcher.close();
  await kept.stop();
  await endpoint.stop();
  return exitCodes.fine;
}
