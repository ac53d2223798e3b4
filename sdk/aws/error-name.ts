/**
 * Whether AWS gave this error. By name, since not all emulators write it so that the SDK finds its own class for it:
 * some keep the prefix of the older query protocol, `AWS.SimpleQueueService.`
 */
export function isAwsError(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name.split('.').at(-1) === name;
}
