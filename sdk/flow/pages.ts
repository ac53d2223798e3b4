import { createHash } from 'node:crypto';
import { DecodeError } from '../errors/index.ts';
import type { Item, Table } from '../ports/table.ts';
import { isJsonObject, type Json, parseJson, writeJson } from '../wire/json.ts';
import { flowKey } from '../wire/keys.ts';
import { byteLength } from '../wire/size.ts';

// What follows a call travels with it. Where that grows large, the later part is stored once, as pages in the table, and a
// reference to them travels instead: so a message is small however long its workflow is, and every page is read once.

/** What may follow a call inside its message, bytes of JSON: SQS bills each 64 KiB as one request. */
const maxInline = 16 * 1_024;

/** One row holds 400 KB at most; a single signature may be larger than that. */
const maxRow = 350_000;

/** A chain that fits, and the rows that must be there before it is sent. */
export interface Paged {
  readonly chain: readonly Json[];
  readonly rows: readonly Item[];
}

/** A reference in the place of the later steps of a chain. */
type PageReference = { readonly flow: string; readonly parts: number };

/**
 * Shortens a chain, whose next step is the last element, to what fits into a message. Pages are named by
 * their content, so that the same workflow gives the same rows again.
 */
export function paged(
  chain: readonly Json[],
  { ttl, limit = maxInline }: { ttl: number; limit?: number },
): Paged {
  if (byteLength(writeJson(chain)) <= limit) return { chain, rows: [] };
  const near = nearSteps(chain, limit / 2);
  const far = chain.slice(0, chain.length - near.length);
  if (near.length > 0 || far.length === 1) return pageOf(far, near, ttl);
  // The next step alone is too large: it gets pages of its own, and those that follow it theirs.
  const later = paged(far.slice(0, -1), { ttl, limit: limit / 2 });
  const next = pageOf(far.slice(-1), [], ttl);
  return { chain: [...later.chain, ...next.chain], rows: [...later.rows, ...next.rows] };
}

/** A chain whose next step is there: pages are read as far as needed. */
export async function unpaged(chain: readonly Json[], table: Pick<Table, 'read'>): Promise<readonly Json[]> {
  let steps = chain;
  for (let next = steps.at(-1); isReference(next); next = steps.at(-1)) {
    steps = [...steps.slice(0, -1), ...(await readPage(next, table))];
  }
  return steps;
}

/** A chain with every page read, however deep: for those who do not know of pages. */
export async function unpagedWholly(
  chain: readonly Json[],
  table: Pick<Table, 'read'>,
): Promise<readonly Json[]> {
  const steps: Json[] = [];
  for (const step of chain) {
    if (isReference(step)) steps.push(...(await unpagedWholly(await readPage(step, table), table)));
    else steps.push(step);
  }
  return steps;
}

function nearSteps(chain: readonly Json[], limit: number): readonly Json[] {
  let size = 0;
  let first = chain.length;
  while (first > 0) {
    size += byteLength(writeJson(chain[first - 1] ?? null));
    if (size > limit) break;
    first -= 1;
  }
  return chain.slice(first);
}

function pageOf(far: readonly Json[], near: readonly Json[], ttl: number): Paged {
  // A page is itself cut into pages, so that a very long chain is read bit by bit.
  const inner = far.length > 1 ? paged(far, { ttl }) : { chain: far, rows: [] };
  const text = Buffer.from(writeJson(inner.chain), 'utf8');
  const name = createHash('sha256').update(text).digest('base64url');
  const parts = Math.ceil(text.byteLength / maxRow);
  const rows = Array.from({ length: parts }, (_, part) => ({
    id: flowKey(name, part),
    flow: new Uint8Array(text.subarray(part * maxRow, (part + 1) * maxRow)),
    ttl,
  }));
  return { chain: [{ flow: name, parts }, ...near], rows: [...inner.rows, ...rows] };
}

function isReference(step: Json | undefined): step is PageReference {
  return isJsonObject(step) && typeof step.flow === 'string' && typeof step.parts === 'number';
}

/** @throws DecodeError if it is gone: pages are kept longer than any message can wait. */
async function readPage(
  { flow, parts }: PageReference,
  table: Pick<Table, 'read'>,
): Promise<readonly Json[]> {
  const keys = Array.from({ length: parts }, (_, part) => flowKey(flow, part));
  const rows = new Map((await table.read(keys, { consistent: true })).map((row) => [row.id, row.flow]));
  const bytes = keys.map((key) => {
    const part = rows.get(key);
    if (part instanceof Uint8Array) return part;
    throw new DecodeError(`Expected the rest of workflow ${flow} in the table, found no row '${key}'.`);
  });
  const steps = parseJson(Buffer.concat(bytes).toString('utf8'), `the rest of workflow ${flow}`);
  if (Array.isArray(steps)) return steps;
  throw new DecodeError(`Expected the rest of workflow ${flow} to be a list.`);
}
