import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { editImage } from '../app.ts';
import { type Answer, type Call, HttpError } from './http.ts';
import { operations } from './operations.ts';

const query = z.object({
  name: z.string().regex(/^[\w-]+\.jpg$/, 'expected a file name such as holiday.jpg'),
  operations: z
    .string()
    .transform((text, { addIssue }) => {
      try {
        const value: unknown = JSON.parse(text);
        return value;
      } catch {
        addIssue({ code: 'custom', message: 'expected JSON' });
        return z.NEVER;
      }
    })
    .pipe(operations),
});

const maxBytes = 20 * 1024 * 1024;

/**
 * `POST /images?name=holiday.jpg&operations=[{"kind":"blur","sigma":3}]` with the photograph as its body: stores it,
 * calls the task, and answers before anything is done to the picture.
 */
export async function acceptImage({ request, query: given, folder }: Call): Promise<Answer> {
  const { name, operations } = query.parse(given);
  const source = join(folder, 'uploads', `${randomUUID()}.jpg`);
  await pipeline(request, limitSize, createWriteStream(source));
  const { id } = await editImage.delay({ source, target: join(folder, 'images', name) }, operations);
  const status = `/tasks/${id}`;
  return { status: 202, headers: { location: status }, body: { taskId: id, status } };
}

async function* limitSize(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new HttpError(413, `Expected at most ${maxBytes} bytes.`);
    yield chunk;
  }
}
