import { isJsonObject } from '../wire/json.ts';

/** Where the payload of a message lies. */
export interface PayloadReference {
  readonly bucket: string;
  readonly key: string;
  /** Bytes; undefined if the message does not tell. */
  readonly size?: number;
}

/** By its class, AWS's extended clients in Java know what a message refers to. The second one is that of their first version. */
const pointerClasses: readonly unknown[] = [
  'software.amazon.payloadoffloading.PayloadS3Pointer',
  'com.amazon.sqs.javamessaging.MessageS3Pointer',
];

/** By these attributes the extended clients know that a message refers to a payload. */
const sizeAttributes = ['ExtendedPayloadSize', 'SQSLargePayloadSize'] as const;

/** The attribute of the extended client for JavaScript: `(bucket)key`. */
const bodyKeyAttribute = 'S3MessageBodyKey';

/** No reference is longer. */
const maxLength = 4_096;

/**
 * The body of a message whose payload lies elsewhere, as AWS's extended clients write it.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-managing-large-messages.html
 */
export function writeReference({ bucket, key }: PayloadReference): string {
  return JSON.stringify([pointerClasses[0], { s3BucketName: bucket, s3Key: key }]);
}

/** The attributes beside that body. A timer has no room for them: the body alone says enough for us. */
export function referenceAttributes(size: number): Readonly<Record<string, string>> {
  return { [sizeAttributes[0]]: String(size) };
}

/** Undefined if the message does not refer to a payload elsewhere. A message of Celery's begins with a brace, or is base64. */
export function readReference(
  body: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
): PayloadReference | undefined {
  const found = readBodyKey(attributes[bodyKeyAttribute]) ?? readPointer(body);
  const size = Number(sizeAttributes.map((name) => attributes[name]).find(Boolean));
  return found && (Number.isSafeInteger(size) && size > 0 ? { ...found, size } : found);
}

function readBodyKey(value: string | undefined): PayloadReference | undefined {
  const [, bucket, key] = /^\(([^)]*)\)(.+)$/.exec(value ?? '') ?? [];
  return bucket !== undefined && key !== undefined ? { bucket, key } : undefined;
}

function readPointer(body: string): PayloadReference | undefined {
  if (body.length > maxLength || !body.trimStart().startsWith('[')) return undefined;
  const [pointerClass, place] = parsedList(body);
  if (!pointerClasses.includes(pointerClass) || !isJsonObject(place)) return undefined;
  const { s3BucketName: bucket, s3Key: key } = place;
  return typeof bucket === 'string' && typeof key === 'string' ? { bucket, key } : undefined;
}

function parsedList(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
