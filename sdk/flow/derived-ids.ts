import { createHash } from 'node:crypto';

/**
 * Makes ids that follow from a name, in the form of UUIDs: what is started a second time because of a second delivery gets the
 * same ids as the first time.
 */
export function derivedIds(name: string): () => string {
  let count = 0;
  return () => {
    const hex = createHash('sha256').update(`${name}#${count++}`).digest('hex');
    // The form of a UUID of version 8: custom.
    const parts = [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `8${hex.slice(13, 16)}`,
      `8${hex.slice(17, 20)}`,
      hex.slice(20, 32),
    ];
    return parts.join('-');
  };
}
