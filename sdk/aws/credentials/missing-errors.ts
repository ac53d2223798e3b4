/**
 * No credentials could be had. No ConfigurationError: a source that does not answer now may answer soon, and whoever insists on a
 * request tries again.
 */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/** Nothing says in which region the cloud is. */
export class RegionError extends Error {
  override readonly name = 'RegionError';
}
