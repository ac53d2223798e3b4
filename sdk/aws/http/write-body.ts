import type { ClientRequest } from 'node:http';

const partBytes = 262_144;

/** A large body goes in parts: so one sees that it goes on, on a slow line. */
export function writeBody(request: ClientRequest, body: Uint8Array, partWent: () => void): void {
  if (body.byteLength <= partBytes) {
    request.end(body);
    return;
  }
  request.write(body.subarray(0, partBytes), (error) => {
    // The request itself tells of an error.
    if (error) return;
    partWent();
    writeBody(request, body.subarray(partBytes), partWent);
  });
}
