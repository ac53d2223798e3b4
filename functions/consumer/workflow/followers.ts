import type { Outcome } from '../../../sdk/engine/outcome.ts';
import { unpaged } from '../../../sdk/flow/pages.ts';
import type { Table } from '../../../sdk/ports/table.ts';
import type { Envelope } from '../../../sdk/wire/envelope.ts';
import { type Json, listOf } from '../../../sdk/wire/json.ts';

/** The later steps of a delivery's chain. The next one is looked up only if it may start now. */
export async function followersOf(
  { embed }: Envelope,
  outcome: Outcome,
  table: Pick<Table, 'read'>,
): Promise<readonly Json[]> {
  const chain = listOf(embed.chain);
  const mayStart = outcome.kind === 'success' || outcome.kind === 'settled';
  return mayStart ? unpaged(chain, table) : chain;
}
