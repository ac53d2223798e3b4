import type { Command } from 'commander';
import type { AsyncResult, CallOptions, Duration, Tallo } from '../../sdk/index.ts';
import type { Json, JsonObject } from '../../sdk/wire/json.ts';
import { refuseUnknownTask } from '../app/refuse-unknown-task.ts';
import { withApp } from '../app/with-app.ts';
import type { Context, Perform } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readArgs, readKwargs } from '../input/read-json.ts';
import { readPriority } from '../input/read-priority.ts';
import { readDuration, readDurationOrInstant, readInstant } from '../input/read-time.ts';
import { getOptions, type Wait, waitOption } from '../input/wait-option.ts';
import { describeResult } from '../output/describe-result.ts';
import type { Output } from '../output/output.ts';

export const examples = [
  "tallo call math.add -a '[2, 3]' --wait",
  `tallo call emails.greet -k '{"to": "Ada"}' --countdown 10m`,
  'tallo call reports.daily --eta 2027-01-31T18:00:00Z --expires 1d --queue heavy --json',
  "tallo call python.task -a '[1]' --unregistered",
];

interface Flags {
  readonly args: readonly Json[];
  readonly kwargs: JsonObject;
  readonly countdown?: Duration;
  readonly eta?: Date;
  readonly expires?: Duration | Date;
  readonly queue?: string;
  readonly id?: string;
  readonly priority?: number;
  readonly unregistered?: boolean;
  readonly wait?: Wait;
}

export function define(command: Command, perform: Perform): void {
  command
    .argument('<task>', "the task's name")
    .option('-a, --args <json>', "the positional arguments, a JSON array: '[2, 3]'", readArgs, [])
    .option('-k, --kwargs <json>', `the keyword arguments, a JSON object: '{"to": "Ada"}'`, readKwargs, {})
    .option(
      '--countdown <duration>',
      'run after that time: seconds, or such as 10m',
      readDuration('--countdown'),
    )
    .option('--eta <instant>', 'run at that instant, ISO 8601; UTC if it has no zone', readInstant('--eta'))
    .option('--expires <when>', 'do not run after that time or instant', readDurationOrInstant('--expires'))
    .option('-Q, --queue <name>', "the queue (default: as the app's routes say)")
    .option('--id <id>', 'the id of the call (default: a new UUID)')
    .option(
      '--priority <number>',
      '0 to 9, the most urgent: decides between the lanes of the queue',
      readPriority,
    )
    .option('--unregistered', 'call a task that this app does not define')
    .addOption(waitOption())
    // The flags are what the readers above return.
    .action((task: string, flags: Flags) => perform((context) => call(task, flags, context)));
}

function call(task: string, flags: Flags, { app: named, output }: Context): Promise<ExitCode> {
  return withApp(named, async (app) => {
    const result = await send(app, task, flags);
    if (flags.wait === undefined) {
      output.result({ id: result.id, task }, result.id);
      return exitCodes.fine;
    }
    return waitFor(result, { wait: flags.wait, output });
  });
}

async function send(app: Tallo, task: string, flags: Flags): Promise<AsyncResult> {
  const { args, kwargs, unregistered } = flags;
  if (!unregistered) refuseUnknownTask(app, task);
  return app.sendTask(task, args, { ...callOptions(flags), kwargs });
}

function callOptions({ countdown, eta, expires, queue, id, priority }: Flags): CallOptions {
  return {
    ...(countdown !== undefined && { countdown }),
    ...(eta !== undefined && { eta }),
    ...(expires !== undefined && { expires }),
    ...(queue !== undefined && { queue }),
    ...(id !== undefined && { taskId: id }),
    ...(priority !== undefined && { priority }),
  };
}

async function waitFor(
  result: AsyncResult,
  { wait, output }: { wait: Wait; output: Output },
): Promise<ExitCode> {
  await result.get(getOptions(wait));
  const meta = await result.meta();
  const { data, text, exitCode } = describeResult(meta, { traceback: false });
  if (exitCode === exitCodes.notReady) return tellIgnored(meta.id, output);
  const hasFailed = exitCode === exitCodes.taskFailed;
  if (hasFailed && !output.json) output.error(`Task ${meta.id} ended as ${meta.state}: ${text}`);
  else output.result(data, text);
  return exitCode;
}

/** `get` does not wait for a task that ignores its result, of which nothing will ever be stored. */
function tellIgnored(id: string, output: Output): ExitCode {
  output.note('The task ignores its result: there is nothing to wait for.');
  output.result({ id, ignored: true }, id);
  return exitCodes.fine;
}
