import type { AppCore } from '../app/app-core.ts';
import type { WorkflowCall } from '../call/start-workflow.ts';
import type { Result } from '../result/result.ts';
import type { SignatureJson } from '../wire/signature.ts';

/**
 * Runs a signature here and now, without any cloud, and returns the handle on its end, of which everything is known. Its arguments are
 * complete and in the form that travels; `call.options` bear Celery's names, `link` and `link_error` among them.
 *
 * @throws the first error, with the app's `taskEagerPropagates`
 */
export async function applyEagerly(
  app: AppCore,
  signature: SignatureJson,
  call: WorkflowCall,
): Promise<Result> {
  // Loaded when it is needed: a worker does without.
  const { apply } = await import('../eager/apply.ts');
  return apply(app, signature, call);
}
