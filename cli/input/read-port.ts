import { UsageError } from '../usage-error.ts';

/** Reads a port, 0 to 65535. */
export function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`Expected --port to be a whole number from 0 to 65535, got ${text}.`);
}
