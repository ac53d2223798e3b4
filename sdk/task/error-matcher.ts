/** A class of errors, or a question about one. */
export type ErrorMatcher = (abstract new (...parameters: never[]) => Error) | ((error: unknown) => boolean);

/** Whether an error is of one of these classes, or one of the questions says yes. */
export function matchesAny(matchers: readonly ErrorMatcher[], error: unknown): boolean {
  return matchers.some((matcher) => (isErrorClass(matcher) ? error instanceof matcher : matcher(error)));
}

function isErrorClass(matcher: ErrorMatcher): matcher is abstract new (...parameters: never[]) => Error {
  return matcher === Error || matcher.prototype instanceof Error;
}
