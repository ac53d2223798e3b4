import type { Command } from 'commander';
import { withApp } from '../app/with-app.ts';
import { celerySettings } from '../celery/celery-settings.ts';
import { findPlace } from '../celery/place.ts';
import { writeSettings } from '../celery/write-settings.ts';
import type { Context, Perform } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';

export const examples = [
  'tallo celery-config --region us-east-1 --account 123456789012 > celeryconfig.py',
  'tallo celery-config --django',
  'AWS_ENDPOINT_URL=http://127.0.0.1:4566 tallo celery-config',
];

interface Flags {
  readonly region?: string;
  readonly account?: string;
  readonly django?: boolean;
}

export function define(command: Command, perform: Perform): void {
  command
    .option('--region <name>', 'the region of queues and table (default: AWS_REGION)')
    .option('--account <id>', 'the AWS account, 12 digits (default: AWS_ACCOUNT_ID)')
    .option('--django', "with the names that Django's settings.py needs: CELERY_BROKER_URL")
    .action((flags: Flags) => perform((context) => printConfig(flags, context)));
}

function printConfig(
  { django = false, ...where }: Flags,
  { app: named, output }: Context,
): Promise<ExitCode> {
  return withApp(named, async (app) => {
    const settings = celerySettings(app, findPlace(where));
    const { data, text } = writeSettings(app.name, settings, { django });
    output.result(data, text);
    return exitCodes.fine;
  });
}
