import type { Failure } from '../../../sdk/engine/effect.ts';
import type { ChordError } from '../../../sdk/errors/index.ts';
import { encodeException } from '../../../sdk/wire/exception.ts';
import type { Json } from '../../../sdk/wire/json.ts';
import { kindOf, type SignatureJson } from '../../../sdk/wire/signature.ts';

/**
 * How the body of a chord fails with a member of its header. As in Celery, the members of a body that is a group get the member's
 * exception as it was, and nobody gets a traceback: where the member failed is told by its own row.
 */
export function chordFailure(error: ChordError, body: SignatureJson): Failure {
  const isPassedOn = kindOf(body) === 'group' && error.cause !== undefined;
  // The cause of such an error is the record of the member's exception.
  const result = isPassedOn ? (error.cause as Json) : encodeException(error);
  return { state: 'FAILURE', result, traceback: null };
}
