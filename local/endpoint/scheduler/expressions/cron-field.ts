/** What one field of a cron expression may hold. */
export interface FieldRange {
  readonly least: number;
  readonly most: number;
  /** Words for the numbers from `least` on: `JAN`, `FEB` ... */
  readonly names?: readonly string[];
  /** Whether `/` may stand there. @default true */
  readonly hasSteps?: boolean;
}

const part = /^(?:\*|(?<from>\w+)(?:-(?<to>\w+))?)(?:\/(?<step>\d+))?$/;

/** The numbers that a field of `,`, `-`, `*` and `/` stands for, ascending; none if it is not one. */
export function parseField(text: string, range: FieldRange): readonly number[] | undefined {
  const numbers = new Set<number>();
  for (const item of text.split(',')) {
    const run = parsePart(item, range);
    if (!run) return undefined;
    for (let number = run.from; number <= run.to; number += run.step) numbers.add(number);
  }
  return [...numbers].toSorted((one, other) => one - other);
}

/** The number that a digit or a word stands for; none if it is out of range. */
export function parseNumber(text: string, { least, most, names = [] }: FieldRange): number | undefined {
  const index = names.indexOf(text.toUpperCase());
  const number = index === -1 ? Number(/^\d+$/.test(text) ? text : Number.NaN) : least + index;
  return number >= least && number <= most ? number : undefined;
}

function parsePart(text: string, range: FieldRange) {
  const { from, to, step } = part.exec(text)?.groups ?? { from: '' };
  const first = from === undefined ? range.least : parseNumber(from, range);
  const last = lastOf({ from, to, step }, range);
  const every = Number(step ?? 1);
  const isAllowed = step === undefined || (range.hasSteps !== false && every >= 1 && every <= range.most);
  if (first === undefined || last === undefined || first > last || !isAllowed) return undefined;
  return { from: first, to: last, step: every };
}

type Words = Readonly<Record<'from' | 'to' | 'step', string | undefined>>;

/** `*` and `5/10` go on to the end of the range. */
function lastOf({ from, to, step }: Words, range: FieldRange): number | undefined {
  if (to !== undefined) return parseNumber(to, range);
  return from === undefined || step !== undefined ? range.most : parseNumber(from, range);
}
