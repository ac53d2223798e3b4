import type { IncomingMessage, ServerResponse } from 'node:http';
import { loadDependency } from '../dependency.ts';

/** S3 in process, served by fauxqs (MIT). Objects live in memory, and no lifecycle deletes them. */
export interface S3 {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  stop(): Promise<void>;
}

type App = ReturnType<typeof import('fauxqs')['buildApp']>;

/** The largest object that one request may store here; S3's own limit is 5 GiB. */
const maxObjectBytes = 512 * 1_024 * 1_024;

/** Opened by the first request: most apps have no bucket. */
export function openS3(): S3 {
  let opened: Promise<App> | undefined;
  return {
    handle: async (request, response) => {
      opened ??= open();
      (await opened).routing(request, response);
    },
    stop: async () => (await opened)?.close(),
  };
}

async function open(): Promise<App> {
  const { buildApp } = await loadDependency(
    { name: 'fauxqs', purpose: 'the local cloud', install: 'fauxqs dynalite' },
    () => import('fauxqs'),
  );
  const app = buildApp({ logger: false });
  // Fauxqs takes 11 MiB, for its SQS as well, which is none of this one's.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxObjectBytes }, (_request, body, done) =>
    done(null, body),
  );
  await app.ready();
  return app;
}

/** The signature names the service: `Credential=test/20261120/us-east-1/s3/aws4_request`. */
const scope = /Credential=[^,\s]+\/s3\/aws4_request/;

/** The action's name, if the request is one for S3; its protocol is REST, so method and path say which. */
export function s3Action({ method = '', url = '', headers }: IncomingMessage): string | undefined {
  if (!scope.test(headers.authorization ?? '')) return undefined;
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const isObject = /^\/[^/]+\/./.test(pathname);
  const what = searchParams.has('lifecycle')
    ? 'BucketLifecycleConfiguration'
    : isObject
      ? 'Object'
      : 'Bucket';
  return what === 'Bucket' && method === 'PUT' ? 'CreateBucket' : `${verbs[method] ?? method}${what}`;
}

const verbs: Readonly<Record<string, string>> = {
  PUT: 'Put',
  GET: 'Get',
  HEAD: 'Head',
  DELETE: 'Delete',
  POST: 'Post',
};
