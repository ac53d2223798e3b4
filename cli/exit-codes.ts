/** What the command answers to the shell. */
export const exitCodes = {
  fine: 0,
  taskFailed: 1,
  usage: 2,
  notReady: 3,
  cloud: 4,
  schemas: 5,
  unexpected: 70,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  fine: 'fine',
  taskFailed: 'the task failed or was revoked',
  usage: 'wrong usage or configuration',
  notReady: 'not ready: the wait timed out, or the task is still pending',
  cloud: 'the cloud could not be reached, or refused',
  schemas: 'waiting messages may be unreadable to this code, or its schemas are out of date',
  unexpected: 'an error that Tallo does not know',
};

/** The table of exit codes, as every help page shows it. */
export function describeExitCodes(): string {
  const lines = Object.entries(exitCodes).map(
    ([name, code]) => `  ${String(code).padEnd(4)}${meanings[name as keyof typeof exitCodes]}`,
  );
  return ['Exit codes:', ...lines].join('\n');
}
