import { styleText } from 'node:util';

/** Where a command speaks: its outcome goes to standard output, everything else to standard error. */
export interface Output {
  /** For a program, not for a person. */
  readonly json: boolean;
  /** The outcome: `data` as one line of JSON with `--json`, `text` otherwise. */
  result(data: object, text: string): void;
  /** News on the way. */
  note(text: string): void;
  /** A mistake, for people; programs get it by `result`. */
  error(text: string): void;
  /** Calls back when everything is written: a pipe may be slow. */
  flush(done: () => void): void;
}

export function createOutput(json: boolean): Output {
  return {
    json,
    result: (data, text) => void process.stdout.write(`${json ? JSON.stringify(data) : text}\n`),
    note: (text) => void process.stderr.write(`${paint('dim', text)}\n`),
    error: (text) => void process.stderr.write(`${paint('red', 'tallo:')} ${text}\n`),
    flush: (done) => void process.stdout.write('', () => process.stderr.write('', () => done())),
  };
}

/** Colours a text for standard error, if that is a terminal and NO_COLOR is not set. */
export function paint(style: 'dim' | 'red' | 'yellow', text: string): string {
  return styleText(style, text, { stream: process.stderr });
}
