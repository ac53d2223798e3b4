import type { SignatureJson } from '../wire/signature.ts';

/** A part of a header that is made while it is sent. */
export interface HeaderPage {
  readonly members: readonly SignatureJson[];
  /** The number of its first member in the whole header. */
  readonly start: number;
  readonly index: number;
  readonly isLast: boolean;
}

/**
 * Members of a page: some megabytes at most. Members that end together share writes only within their page, so that large pages
 * make cheap joins.
 */
const pageSize = 10_000;

/** Cuts a header into pages. A page is given out when it is known whether another one follows. */
export async function* headerPages(header: AsyncIterable<SignatureJson>): AsyncGenerator<HeaderPage, void> {
  let members: SignatureJson[] = [];
  let start = 0;
  let index = 0;
  for await (const member of header) {
    if (members.length === pageSize) {
      yield { members, start, index, isLast: false };
      start += pageSize;
      index += 1;
      members = [];
    }
    members.push(member);
  }
  if (members.length > 0) yield { members, start, index, isLast: true };
}
