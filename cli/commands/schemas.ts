import { type Command, Option } from 'commander';
import { findAppFile } from '../app/find-app-file.ts';
import { nearestNames } from '../app/nearest-names.ts';
import { withApp } from '../app/with-app.ts';
import type { Context, Perform } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Output } from '../output/output.ts';
import { compareSnapshots } from '../schemas/compare-snapshots.ts';
import { notCompared } from '../schemas/not-compared.ts';
import { describeFinding, describeReport } from '../schemas/report.ts';
import { type Snapshot, takeSnapshot } from '../schemas/snapshot.ts';
import { readSnapshot, shortPath, snapshotPath, writeSnapshot } from '../schemas/snapshot-file.ts';
import { UsageError } from '../usage-error.ts';

export const examples = [
  'tallo schemas --write',
  'tallo schemas --exact',
  'git show origin/main:tallo.schemas.json > deployed.json && tallo schemas --file deployed.json',
  'tallo schemas --accept payments.charge',
];

interface Flags {
  readonly file?: string;
  readonly write?: boolean;
  readonly exact?: boolean;
  readonly accept?: readonly string[];
}

export function define(command: Command, perform: Perform): void {
  command
    .option('--check', 'compare the app with the file: what is done anyway')
    .addOption(
      new Option('--write', 'write the file, as the app is now').conflicts(['check', 'accept', 'exact']),
    )
    .option('--accept <task...>', 'take over these tasks into the file as they are now, then compare')
    .option('--exact', 'fail as well if the file is out of date')
    .option('--file <file>', 'the file (default: tallo.schemas.json beside package.json)')
    .action((flags: Flags) => perform((context) => work(flags, context)));
}

function work(flags: Flags, { app: named, output }: Context): Promise<ExitCode> {
  const appFile = findAppFile(named);
  const path = snapshotPath(flags.file, appFile);
  return withApp(appFile, async (app) => {
    const current = takeSnapshot(app);
    if (flags.write) return write(path, current, output);
    if (flags.accept) accept(path, current, flags.accept);
    return check(path, current, { ...flags, output });
  });
}

function check(path: string, current: Snapshot, { exact, output }: Flags & { output: Output }): ExitCode {
  const deployed = readSnapshot(path);
  if (deployed.app !== current.app) {
    throw new UsageError(
      `Expected ${path} to be of app '${current.app}', got '${deployed.app}'. Name another file with --file, or run tallo schemas --write.`,
    );
  }
  const comparison = compareSnapshots(deployed, current);
  const report = {
    ...comparison,
    app: current.app,
    file: shortPath(path),
    notCompared: notCompared(current),
  };
  const isCompatible = comparison.findings.length === 0;
  output.result({ isCompatible, ...report }, describeReport(report));
  return isCompatible && (comparison.isUpToDate || !exact) ? exitCodes.fine : exitCodes.schemas;
}

function write(path: string, current: Snapshot, output: Output): ExitCode {
  const findings = acceptedBy(path, current);
  const isChanged = writeSnapshot(path, current);
  const [file, count] = [shortPath(path), Object.keys(current.tasks).length];
  const tasks = count === 1 ? '1 task' : `${count} tasks`;
  const text = isChanged ? `${file} written: ${tasks} of app '${current.app}'.` : `${file} is up to date.`;
  const lines = findings.map(describeFinding);
  const warning =
    lines.length === 0 ? [] : ['Accepted, although waiting messages may not survive it:', ...lines];
  output.result({ file, isChanged, tasks: count, accepted: findings }, [text, ...warning].join('\n'));
  return exitCodes.fine;
}

/** What whoever writes the file accepts by that; nothing if there is no file that could be read. */
function acceptedBy(path: string, current: Snapshot) {
  try {
    return compareSnapshots(readSnapshot(path), current).findings;
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}

function accept(path: string, current: Snapshot, names: readonly string[]): void {
  const deployed = readSnapshot(path);
  const tasks = new Map(Object.entries(deployed.tasks));
  for (const name of names) {
    const task = Object.hasOwn(current.tasks, name) ? current.tasks[name] : undefined;
    if (task === undefined && !tasks.has(name)) throw unknownTask(name, current);
    if (task === undefined) tasks.delete(name);
    else tasks.set(name, task);
  }
  const sorted = [...tasks].toSorted(([one], [other]) => (one < other ? -1 : 1));
  writeSnapshot(path, { ...deployed, tasks: Object.fromEntries(sorted) });
}

function unknownTask(name: string, { app, tasks }: Snapshot): UsageError {
  const near = nearestNames(name, Object.keys(tasks));
  const advice = near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : '';
  return new UsageError(`Neither app '${app}' nor the file has a task '${name}'.${advice}`);
}
