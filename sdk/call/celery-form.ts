import { ConfigurationError } from '../errors/index.ts';
import { readJoin } from '../flow/join.ts';
import { unpagedWholly } from '../flow/pages.ts';
import { withIds } from '../flow/written-out.ts';
import type { Table } from '../ports/table.ts';
import type { Envelope } from '../wire/envelope.ts';
import type { Json } from '../wire/json.ts';
import { readSignature, type SignatureJson } from '../wire/signature.ts';

/**
 * An envelope as a worker of Celery's must find it: everything that follows is written out, and every task has its id.
 *
 * @throws ConfigurationError if the call has a part in a join of ours, of which Celery knows nothing
 */
export async function inCeleryForm(envelope: Envelope, table: Pick<Table, 'read'>): Promise<Envelope> {
  const { embed, task, queue } = envelope;
  if (readJoin(embed.chord)) {
    throw new ConfigurationError(
      `Task '${task}' would become a member of a chord that Tallo joins, but queue '${queue}' runs on Celery. Put it into the chord's header from the beginning.`,
    );
  }
  const chain = Array.isArray(embed.chain) ? await unpagedWholly(embed.chain, table) : [];
  return {
    ...envelope,
    embed: { ...embed, chain: chain.length === 0 ? null : chain.map(writtenOut) },
  };
}

function writtenOut(step: Json): SignatureJson {
  return withIds(readSignature(step));
}
