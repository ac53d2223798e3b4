import { ChordError, DecodeError } from '../errors/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Item, Table } from '../ports/table.ts';
import { isReady } from '../result/states.ts';
import { decodeException } from '../wire/exception.ts';
import { isJsonObject, type Json, parseJson } from '../wire/json.ts';
import { taskMetaKey } from '../wire/keys.ts';
import { memberId } from '../wire/signature.ts';
import { readTaskMeta, type TaskMeta } from '../wire/task-meta.ts';
import { describeException } from './describe-exception.ts';

// The results of a join reach its body by reference: the body's worker reads them, a hundred per request, so that a body can be
// given the results of 100,000 members in a message of some hundred bytes.

/** Where the results of a join are. */
export interface Results {
  readonly group: string;
  readonly size: number;
  readonly settle: boolean;
  /** Members without a result to read, which count as null; true: whichever have none. */
  readonly silent: readonly number[] | true;
}

/** Its name among the extensions of values; Python is never given one. */
const type = 'tallo.results';

/** The argument that stands for the list of results. */
export function referenceTo({ group, size, settle, silent }: Results): Json {
  const hasSilent = silent === true || silent.length > 0;
  const extras = { ...(settle ? { settle } : {}), ...(hasSilent ? { silent } : {}) };
  return { __type__: type, __value__: { group, size, ...extras } };
}

export function hasReferences(args: readonly Json[]): boolean {
  return args.some((arg) => isJsonObject(arg) && arg.__type__ === type);
}

/** The arguments for people to see, with a text for every reference: nobody else could read one. */
export function withoutReferences(args: readonly Json[]): readonly Json[] {
  return args.map((arg) => {
    const results = readReference(arg);
    return results ? `<the results of the ${results.size} members of group ${results.group}>` : arg;
  });
}

/** What reading needs. */
export interface ResultsSource {
  readonly table: Pick<Table, 'read'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * The arguments with every reference replaced by the results it stands for.
 *
 * @throws ChordError if a result is not there any more, or is none.
 */
export async function resolveReferences(
  args: readonly Json[],
  source: ResultsSource,
): Promise<readonly Json[]> {
  return Promise.all(
    args.map(async (arg) => {
      const results = readReference(arg);
      return results ? readResults(results, source) : arg;
    }),
  );
}

/** The results of a join's members, in order. */
export async function readResults(
  { group, size, settle, silent }: Results,
  source: ResultsSource,
): Promise<readonly Json[]> {
  const ids = Array.from({ length: size }, (_, index) => memberId(group, index));
  return readValues(ids, { settle, silent: silent === true ? silent : new Set(silent) }, source);
}

/** The results of these calls, in order: values, or with `settle` what became of each. */
export async function readValues(
  ids: readonly string[],
  { settle, silent }: { settle: boolean; silent: ReadonlySet<number> | true },
  source: ResultsSource,
): Promise<readonly Json[]> {
  const rows = await readRows(ids, source.table);
  const values = ids.map(async (id, index) => {
    const row = rows.get(taskMetaKey(id));
    const isSilent = silent === true ? row === undefined : silent.has(index);
    const own = isSilent ? silentValue(id, settle) : memberValue(metaOf(id, row, source), settle);
    return [own, ...(await addedTo(row, settle, source))];
  });
  return inOrder(values);
}

/** Of several that fail the first one in order decides, not the first one in time. */
async function inOrder(values: readonly Promise<readonly Json[]>[]): Promise<readonly Json[]> {
  const settled = await Promise.allSettled(values);
  return settled.flatMap((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

/** Rows per request, and requests at a time. */
const rowsPerRead = 100;
const readsAtOnce = 10;

/** Rows of results by their keys. Strongly consistent: what a join was told of is there. */
export async function readRows(
  ids: readonly string[],
  table: Pick<Table, 'read'>,
): Promise<ReadonlyMap<string, Item>> {
  const keys = [...new Set(ids.map(taskMetaKey))];
  const rows = new Map<string, Item>();
  const perTurn = rowsPerRead * readsAtOnce;
  for (let turn = 0; turn < keys.length; turn += perTurn) {
    const some = keys.slice(turn, turn + perTurn);
    const reads = Array.from({ length: Math.ceil(some.length / rowsPerRead) }, (_, i) =>
      table.read(some.slice(i * rowsPerRead, (i + 1) * rowsPerRead), { consistent: true }),
    );
    for (const row of (await Promise.all(reads)).flat()) rows.set(row.id, row);
  }
  return rows;
}

function metaOf(id: string, row: Item | undefined, { clock }: ResultsSource): TaskMeta {
  const meta = row && readTaskMeta(id, row, clock.now());
  if (meta && isReady(meta.state)) return meta;
  throw new ChordError(
    `Expected the result of member ${id}, found ${meta?.state ?? 'none'}. Has it expired, or been forgotten?`,
  );
}

function memberValue({ id, state, result, traceback }: TaskMeta, settle: boolean): Json {
  if (state === 'SUCCESS') return settle ? { id, state, result } : result;
  if (!settle) throw new ChordError(describeException(result), { cause: result });
  const { name, message } = decodeException(result, traceback);
  return { id, state, error: { name, message } };
}

function silentValue(id: string, settle: boolean): Json {
  return settle ? { id, state: 'IGNORED', error: null } : null;
}

/** The results of members that a member has added to its chord stand behind its own. */
async function addedTo(
  row: Item | undefined,
  settle: boolean,
  source: ResultsSource,
): Promise<readonly Json[]> {
  if (typeof row?.added !== 'string') return [];
  const results = readReference(parseJson(row.added, 'added members'));
  return results ? readResults({ ...results, settle }, source) : [];
}

function readReference(arg: Json): Results | undefined {
  if (!isJsonObject(arg) || arg.__type__ !== type) return undefined;
  const value = arg.__value__ ?? null;
  if (isJsonObject(value) && typeof value.group === 'string' && typeof value.size === 'number') {
    const { group, size, settle = false, silent = [] } = value;
    const indexes = Array.isArray(silent) ? silent.filter((index) => typeof index === 'number') : [];
    return { group, size, settle: settle === true, silent: silent === true ? silent : indexes };
  }
  throw new DecodeError(`Expected a reference to results, got ${JSON.stringify(value).slice(0, 100)}.`);
}
