import { type AppOptions, type LogFields, type Logger, Tallo } from 'tallo';
import { type MemoryCloud, type MemoryCloudOptions, memoryCloud } from 'tallo/testing';

/** Some bytes more than SQS takes. */
export const tooLarge = 1_100_000;
export const text = (bytes: number, of = 'x') => of.repeat(bytes);

/** An app with a bucket, whose task tells how long a text is. */
export function world(options: MemoryCloudOptions = {}, appOptions: AppOptions = {}) {
  const app = new Tallo('large', { payloadBucket: true, ...appOptions });
  const runs: string[] = [];
  const measure = app.task('measure', { bind: true }, (self, given: string) => {
    runs.push(self.request.id);
    return given.length;
  });
  const lines: LogFields[] = [];
  const cloud = memoryCloud(app, { log: keeping(lines), ...options });
  const queue = () => cloud.queues.named('large-default');
  return { app, cloud, measure, runs, lines, queue, [Symbol.asyncDispose]: () => cloud.stop() };
}

/** What lies in a queue says where its payload is. */
export function placeIn(body = ''): { readonly s3BucketName: string; readonly s3Key: string } {
  const [pointerClass, place] = JSON.parse(body);
  if (pointerClass !== 'software.amazon.payloadoffloading.PayloadS3Pointer')
    throw new Error(`No reference: ${body}`);
  return place;
}

/** Deletes every payload. */
export function tidyUp({ payloads }: MemoryCloud): void {
  for (const key of payloads.keys()) payloads.delete(key);
}

function keeping(lines: LogFields[], fields: LogFields = {}): Logger {
  const keep = (message: string, more: LogFields = {}) => void lines.push({ message, ...fields, ...more });
  return {
    debug: keep,
    info: keep,
    warn: keep,
    error: keep,
    child: (more) => keeping(lines, { ...fields, ...more }),
  };
}
