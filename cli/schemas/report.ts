import type { Comparison, Finding } from './compare-snapshots.ts';

/** All that a report tells of. */
export interface Report extends Comparison {
  readonly app: string;
  /** As a person would name it. */
  readonly file: string;
  readonly notCompared: readonly Finding[];
}

/** Says it in words: what is wrong first, then what to do about it. */
export function describeReport(report: Report): string {
  const { findings, notes, notCompared, isUpToDate, file } = report;
  return [
    headline(report),
    ...findings.map(describeFinding),
    ...section('Changes that waiting messages survive:', notes.map(describeFinding)),
    ...section('Not compared, since only the program knows it:', notCompared.map(describeHidden)),
    ...(findings.length > 0 ? ['To accept a task as it is now: tallo schemas --accept <task>'] : []),
    ...(findings.length === 0 && !isUpToDate
      ? [`${file} is out of date. To bring it up to date: tallo schemas --write`]
      : []),
  ].join('\n');
}

function headline({ findings, app, file }: Report): string {
  if (findings.length === 0) return `App '${app}' can read the messages that wait, by ${file}.`;
  const changes = findings.length === 1 ? '1 change' : `${findings.length} changes`;
  return `App '${app}' has ${changes} since ${file} that waiting messages may not survive:`;
}

/** `payments.charge: args[0].currency is required now, ...` */
export function describeFinding({ task, field, message }: Finding): string {
  return `  ${task}: ${field === null ? message : `${field} ${message}`}`;
}

function describeHidden({ task, field, message }: Finding): string {
  return `  ${task}: ${field} (${message})`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}
