import { ConfigurationError } from './tallo-error.ts';

/**
 * Refuses options of an unknown name: a slip of the pen must not pass for a default.
 *
 * @throws ConfigurationError that lists the known ones
 */
export function refuseUnknown(what: string, options: object, known: ReadonlySet<string>): void {
  const unknown = Object.keys(options).find((name) => !known.has(name));
  if (unknown === undefined) return;
  throw new ConfigurationError(`${what}: unknown option '${unknown}'. Known ones: ${[...known].join(', ')}.`);
}
