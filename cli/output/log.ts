import { inspect } from 'node:util';
import { jsonLogger, type Logger } from '../../sdk/index.ts';
import { type Output, paint } from './output.ts';

interface LogEntry {
  readonly level: string;
  readonly time: string;
  readonly message: string;
  readonly error?: { readonly stack?: string } | null;
  readonly [field: string]: unknown;
}

/** The log of a worker, on standard error: lines to read, or lines of JSON with `--json`. */
export function createLog({ json }: Output): Logger {
  const write = (line: string) => void process.stderr.write(`${json ? line : readable(JSON.parse(line))}\n`);
  return jsonLogger({ write });
}

function readable({ level, time, message, error, ...fields }: LogEntry): string {
  const colour = level === 'error' ? 'red' : level === 'warn' ? 'yellow' : 'dim';
  const facts = Object.entries(fields).map(([name, value]) => `${name}=${text(value)}`);
  const line = [time.slice(11, 19), paint(colour, level.padEnd(5)), message, ...facts].join(' ');
  return error === undefined ? line : `${line}\n${error?.stack ?? text(error)}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value, { breakLength: Number.POSITIVE_INFINITY });
}
