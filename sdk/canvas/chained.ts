import {
  chainSignature,
  kindOf,
  resultId,
  type SignatureJson,
  tasksOf,
  withOptions,
} from '../wire/signature.ts';
import { appOf, type Part } from './part.ts';
import { withResultId } from './workflow-parts.ts';

/** The chain of these, chains inside spliced. */
export function chained(parts: readonly Part[]): Part {
  const steps = parts.map((part, i) => (isGroupThere(parts, i) ? part.json : unrolled(part)));
  return { app: appOf(parts), json: chainSignature(steps.flatMap(spliced)), isLone: false };
}

/** Only in front of something a group of one is a group: as in Celery, what follows gets a list. */
function isGroupThere(parts: readonly Part[], index: number): boolean {
  return index === 0 && parts.length > 1;
}

function unrolled({ json, isLone }: Part): SignatureJson {
  const [only] = isLone ? tasksOf(json) : [];
  if (only === undefined) return json;
  const { task_id: _, ...options } = json.options;
  const id = resultId(json);
  const member = withOptions(only, options);
  return id === undefined ? member : withResultId(member, id);
}

/** A chain that says nothing for itself gives up its frame. */
function spliced(step: SignatureJson): readonly SignatureJson[] {
  const isFrameOnly =
    kindOf(step) === 'chain' &&
    !step.immutable &&
    step.args.length === 0 &&
    Object.keys(step.options).length === 0;
  return isFrameOnly ? tasksOf(step) : [step];
}
