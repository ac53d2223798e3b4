import { app } from '../app.ts';
import type { Answer, Call } from './http.ts';

/** `GET /tasks/:id`: all that is known of a task, from its id alone. An id that nobody knows is PENDING, as in Celery. */
export async function showTask({ parameter: taskId }: Call): Promise<Answer> {
  const result = app.AsyncResult(taskId);
  // Asked together, the questions share one read.
  const [state, ready, successful, retries, info] = await Promise.all([
    result.state(),
    result.ready(),
    result.successful(),
    result.retries(),
    result.info(),
  ]);
  return { status: 200, body: { taskId, state, ready, successful, retries, ...told(info, successful) } };
}

function told(info: unknown, successful: boolean) {
  if (successful) return { result: info };
  if (info instanceof Error) return { error: { name: info.name, message: info.message } };
  return { progress: info };
}
