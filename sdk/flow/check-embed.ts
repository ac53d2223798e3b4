import { DecodeError } from '../errors/index.ts';
import type { Embed } from '../wire/envelope.ts';
import { isJsonObject, type Json } from '../wire/json.ts';
import { readSignature, readSignatures } from '../wire/signature.ts';
import { readJoin } from './join.ts';

/**
 * Looks whether what follows a call can be understood, before the call runs: afterwards it would be too late to refuse it.
 *
 * @throws DecodeError
 */
export function checkEmbed({ callbacks, errbacks, chain, chord }: Embed): void {
  readSignatures(callbacks, 'a callback');
  readSignatures(errbacks, 'an error callback');
  for (const step of listed(chain)) if (!isPage(step)) readSignature(step, 'a later step of the chain');
  if (chord === null) return;
  const join = readJoin(chord);
  if (!join) readSignature(chord, 'the body of the chord');
  else if ('body' in join.next && !isPage(join.next.body))
    readSignature(join.next.body, 'the body of the chord');
}

function listed(chain: Json): readonly Json[] {
  if (chain === null) return [];
  if (Array.isArray(chain)) return chain;
  throw new DecodeError(
    `Expected the chain to be a list of signatures, got ${JSON.stringify(chain).slice(0, 100)}.`,
  );
}

function isPage(step: Json): boolean {
  return isJsonObject(step) && typeof step.flow === 'string';
}
