import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { Operation } from '../images/operations.ts';

const accepted = z.object({ taskId: z.string(), status: z.string() });

const taskStatus = z.object({
  taskId: z.string(),
  state: z.string(),
  ready: z.boolean(),
  successful: z.boolean(),
  retries: z.number(),
  progress: z.object({ current: z.number(), total: z.number(), status: z.string() }).nullish(),
  result: z.unknown().optional(),
  error: z.object({ name: z.string(), message: z.string() }).optional(),
});
export type TaskStatus = z.infer<typeof taskStatus>;

export interface Upload {
  /** The name of the file to come. */
  readonly name: string;
  readonly picture: Buffer<ArrayBuffer>;
  readonly operations: readonly Operation[];
}

export interface Following {
  /** The address of the image server. */
  readonly url: string;
  readonly signal: AbortSignal;
  /** Hears of every look at the task. */
  readonly onLook?: (status: TaskStatus) => void;
}

/** Between two looks at a task, milliseconds. */
const interval = 150;

/** Uploads a photograph as a browser would, and asks for its task until that has come to its end. */
export async function editPhoto(
  { name, picture, operations }: Upload,
  { url, signal, onLook }: Following,
): Promise<TaskStatus> {
  const query = new URLSearchParams({ name, operations: JSON.stringify(operations) });
  const upload = fetch(`${url}/images?${query}`, { method: 'POST', body: picture, signal });
  const { status } = accepted.parse(await answerTo(upload));
  for (;;) {
    const look = taskStatus.parse(await answerTo(fetch(`${url}${status}`, { signal })));
    onLook?.(look);
    if (look.ready) return look;
    await sleep(interval, undefined, { signal });
  }
}

async function answerTo(asked: Promise<Response>): Promise<unknown> {
  const response = await asked;
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
