import { isDeepStrictEqual } from 'node:util';
import { DecodeError } from '../errors/index.ts';
import type { Envelope } from '../wire/envelope.ts';
import { withMarks } from '../wire/marks.ts';
import { readEnvelope } from '../wire/read-envelope.ts';

/** Whether two messages carry the same call, whatever our workers have noted on them; where times vary, whatever its times. */
export function isSameCall(
  one: string,
  other: string,
  { timesVary }: { readonly timesVary: boolean },
): boolean {
  if (one === other) return true;
  const [call, otherCall] = [one, other].map((body) => essenceOf(body, timesVary));
  return call !== undefined && isDeepStrictEqual(call, otherCall);
}

/** Undefined if it is no call at all. */
function essenceOf(body: string, timesVary: boolean): Envelope | undefined {
  try {
    const call = withMarks(readEnvelope(body), {});
    return timesVary ? { ...call, eta: null, expires: null } : call;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
