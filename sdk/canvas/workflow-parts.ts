import { bodyOf, headerOf, kindOf, type SignatureJson, tasksOf, withOptions } from '../wire/signature.ts';

/** The same workflow with its steps, or members, changed. */
export function mapTasks(
  workflow: SignatureJson,
  change: (task: SignatureJson, index: number) => SignatureJson,
): SignatureJson {
  return withTasks(workflow, tasksOf(workflow).map(change));
}

export function withTasks(workflow: SignatureJson, tasks: readonly SignatureJson[]): SignatureJson {
  return { ...workflow, kwargs: { ...workflow.kwargs, tasks } };
}

/** The same chord with another header, written as it was: as a list, or as a group. */
export function withHeader(chord: SignatureJson, members: readonly SignatureJson[]): SignatureJson {
  const { header } = chord.kwargs;
  const written = Array.isArray(header) ? members : withTasks(headerOf(chord), members);
  return { ...chord, kwargs: { ...chord.kwargs, header: written } };
}

export function withBody(chord: SignatureJson, body: SignatureJson): SignatureJson {
  return { ...chord, kwargs: { ...chord.kwargs, body } };
}

/** Changes what starts at once: the first step of a chain, every member of a group or of a header. */
export function mapStarting(
  workflow: SignatureJson,
  change: (part: SignatureJson) => SignatureJson,
): SignatureJson {
  switch (kindOf(workflow)) {
    case 'chain':
      return mapTasks(workflow, (step, i) => (i === 0 ? change(step) : step));
    case 'group':
      return mapTasks(workflow, change);
    case 'chord':
      return withHeader(workflow, tasksOf(headerOf(workflow)).map(change));
    default:
      return change(workflow);
  }
}

/** Makes a signature leave results that it is given unused, or use them again. In a workflow this means what starts at once. */
export function withImmutable(signature: SignatureJson, immutable: boolean): SignatureJson {
  switch (kindOf(signature)) {
    case 'task':
      return { ...signature, immutable };
    case 'chain':
      return { ...mapStarting(signature, (step) => withImmutable(step, immutable)), immutable };
    default:
      return mapStarting(signature, (member) => withImmutable(member, immutable));
  }
}

/** Names the result: that of a chain is its last step's, that of a chord its body's. */
export function withResultId(signature: SignatureJson, id: string): SignatureJson {
  switch (kindOf(signature)) {
    case 'chain': {
      const last = tasksOf(signature).length - 1;
      return mapTasks(signature, (step, i) => (i === last ? withResultId(step, id) : step));
    }
    case 'chord':
      return withBody(signature, withResultId(bodyOf(signature), id));
    default:
      return withOptions(signature, { task_id: id });
  }
}
