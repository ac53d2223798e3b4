import { inspect } from 'node:util';
import { errorMessage, errorName, shortened, tracebackOf } from '../errors/describe-error.ts';

/** Facts beside a log message. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where log lines go. `pino`, Powertools' logger and others fit behind it with a few lines. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to each of its lines. */
  child(fields: LogFields): Logger;
}

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof levels)[number];

/** What `jsonLogger` writes, and where to. */
export interface JsonLoggerOptions {
  /** The lowest level written. @default the environment's `TALLO_LOG_LEVEL`, or 'info' */
  readonly level?: LogLevel | 'silent';
  readonly fields?: LogFields;
  /** Takes a finished line, without its line feed. @default standard output */
  readonly write?: (line: string) => void;
}

/**
 * Writes one JSON object per line: what CloudWatch's Logs Insights reads without being told how.
 *
 * @example
 * ```ts
 * import { jsonLogger } from 'tallo';
 *
 * const lines: string[] = [];
 * const log = jsonLogger({ level: 'info', fields: { app: 'store' }, write: (line) => lines.push(line) });
 * log.debug('too detailed');
 * log.child({ taskId: '7' }).info('charged', { cents: 250 });
 *
 * const { level, message, app, taskId, cents } = JSON.parse(lines[0] ?? '');
 * console.log(lines.length, level, message, app, taskId, cents); // 1 info charged store 7 250
 * ```
 */
export function jsonLogger({
  level = levelFromEnvironment(),
  fields = {},
  write = toStdout,
}: JsonLoggerOptions = {}): Logger {
  const lowest = level === 'silent' ? levels.length : levels.indexOf(level);
  const line = (rank: number, message: string, more: LogFields = {}): void => {
    if (rank < lowest) return;
    const entry = { level: levels[rank], time: new Date().toISOString(), message, ...fields, ...more };
    write(toLine(entry));
  };
  return {
    debug: (message, more) => line(0, message, more),
    info: (message, more) => line(1, message, more),
    warn: (message, more) => line(2, message, more),
    error: (message, more) => line(3, message, more),
    child: (more) => jsonLogger({ level, fields: { ...fields, ...more }, write }),
  };
}

/** Says nothing: for tests and the eager mode. */
export const silentLogger: Logger = jsonLogger({ level: 'silent' });

function levelFromEnvironment(): LogLevel | 'silent' {
  const wanted = process.env.TALLO_LOG_LEVEL;
  if (wanted === 'silent') return wanted;
  return levels.find((level) => level === wanted) ?? 'info';
}

function toStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A log line is never worth a failed task: what JSON cannot hold is shown as `console.log` would show it. */
function toLine(entry: LogFields): string {
  try {
    return JSON.stringify(entry, plain);
  } catch {
    const { level, time, message, ...fields } = entry;
    return JSON.stringify({
      level,
      time,
      message,
      fields: shortened(inspect(fields, { breakLength: Number.POSITIVE_INFINITY })),
    });
  }
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  const errors = value instanceof AggregateError ? { errors: value.errors } : {};
  return { name: errorName(value), message: errorMessage(value), stack: tracebackOf(value), ...errors };
}
