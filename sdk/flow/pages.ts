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

/** Rows of one page, at most: 350 MB. What says more is no page of ours. */
const maxParts = 1_000;

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
  const sizes = chain.map((step) => byteLength(writeJson(step)));
  if (sizes.reduce((sum, size) => sum + size, 0) <= limit) return { chain, rows: [] };
  const near = nearSteps(sizes, limit / 2);
  const far = chain.length - near;
  // The next step alone may be too large: then it gets a page of its own, before those that follow it.
  const later = near === 0 ? far - 1 : far;
  const pages = new Pages(ttl);
  for (let i = 0; i < later; i += 1) pages.add(chain[i] ?? null, sizes[i] ?? 0);
  const rest = pages.end();
  if (near === 0) {
    pages.add(chain[later] ?? null, sizes[later] ?? 0);
    return { chain: [...rest, ...pages.end()], rows: pages.rows };
  }
  return { chain: [...rest, ...chain.slice(far)], rows: pages.rows };
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

/** How many steps at the end of a chain fit into the limit. */
function nearSteps(sizes: readonly number[], limit: number): number {
  let size = 0;
  let near = 0;
  while (near < sizes.length) {
    size += sizes[sizes.length - 1 - near] ?? 0;
    if (size > limit) break;
    near += 1;
  }
  return near;
}

/** Makes pages out of steps, the furthest first: each page begins with a reference to the one that comes after it. */
class Pages {
  readonly rows: Item[] = [];
  readonly #ttl: number;
  #open: Json[] = [];
  #bytes = 0;

  constructor(ttl: number) {
    this.#ttl = ttl;
  }

  add(step: Json, bytes: number): void {
    if (this.#bytes > 0 && this.#bytes + bytes > maxInline / 2) this.#open = [...this.end()];
    this.#open.push(step);
    this.#bytes += bytes;
  }

  /** What stands for everything that was added. */
  end(): readonly Json[] {
    const steps = this.#open;
    this.#open = [];
    this.#bytes = 0;
    if (steps.length === 0 || (steps.length === 1 && isReference(steps[0]))) return steps;
    const text = Buffer.from(writeJson(steps), 'utf8');
    const flow = createHash('sha256').update(text).digest('base64url');
    const parts = Math.ceil(text.byteLength / maxRow);
    for (let part = 0; part < parts; part += 1) {
      const bytes = new Uint8Array(text.subarray(part * maxRow, (part + 1) * maxRow));
      this.rows.push({ id: flowKey(flow, part), flow: bytes, ttl: this.#ttl });
    }
    return [{ flow, parts }];
  }
}

function isReference(step: Json | undefined): step is PageReference {
  return isJsonObject(step) && typeof step.flow === 'string' && typeof step.parts === 'number';
}

/** @throws DecodeError if it is gone: pages are kept longer than any message can wait. */
async function readPage(
  { flow, parts }: PageReference,
  table: Pick<Table, 'read'>,
): Promise<readonly Json[]> {
  if (!(parts >= 1 && parts <= maxParts)) {
    throw new DecodeError(
      `Expected the rest of workflow ${flow} to have 1 to ${maxParts} parts, got ${parts}.`,
    );
  }
  const keys = Array.from({ length: parts }, (_, part) => flowKey(flow, part));
  const rows = await readAll(keys, table);
  const bytes = keys.map((key) => {
    const part = rows.get(key);
    if (part instanceof Uint8Array) return part;
    throw new DecodeError(`Expected the rest of workflow ${flow} in the table, found no row '${key}'.`);
  });
  const steps = parseJson(Buffer.concat(bytes).toString('utf8'), `the rest of workflow ${flow}`);
  if (Array.isArray(steps)) return steps;
  throw new DecodeError(`Expected the rest of workflow ${flow} to be a list.`);
}

/** Rows per request. */
const rowsPerRead = 100;

async function readAll(keys: readonly string[], table: Pick<Table, 'read'>) {
  const rows = new Map<string, Item[string]>();
  for (let start = 0; start < keys.length; start += rowsPerRead) {
    const some = await table.read(keys.slice(start, start + rowsPerRead), { consistent: true });
    for (const { id, flow } of some) if (flow !== undefined) rows.set(id, flow);
  }
  return rows;
}
