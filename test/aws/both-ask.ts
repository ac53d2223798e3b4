import { type Arrived, answering, moodyServer } from './moody-server.ts';

/** Of both clients. */
export const connection = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'token' },
};

/** What matters of a request. Tokens are random. */
function essence({ method, path, headers, body }: Arrived) {
  const [where, query = ''] = path.replace(/clientToken=[\w-]+/, 'clientToken=<token>').split('?');
  return {
    method,
    where,
    query: query.split('&').toSorted(),
    target: headers['x-amz-target'],
    type: headers['content-type'],
    token: headers['x-amz-security-token'],
    signed: headers.authorization?.split(',')[0],
    body: body && JSON.parse(body.replace(/("ClientToken":)"[\w-]+"/, '$1"<token>"')),
  };
}

/** What the server is asked by both. */
export async function bothAsk(
  ours: (endpoint: string) => Promise<unknown>,
  theirs: (endpoint: string) => Promise<unknown>,
): Promise<readonly ReturnType<typeof essence>[]> {
  await using server = await moodyServer(answering(200, {}));
  await ours(server.url);
  await theirs(server.url);
  return server.arrived.map(essence);
}
