import {
  bodyOf,
  headerOf,
  kindOf,
  readSignatures,
  type SignatureJson,
  tasksOf,
  withOptions,
} from '../../wire/signature.ts';
import type { UntypedSignature } from '../signature.ts';
import { mapTasks, withBody, withHeader } from '../workflow-parts.ts';
import { asHeaders, merged, readStamps, type Stamps, stampsOf, withStamps } from './stamps.ts';
import type { StampHook, StampingVisitor } from './visitor.ts';

/** Who is asked for stamps, and how a signature is shown to him. */
export interface Stamping {
  readonly visitor: StampingVisitor;
  readonly show: (json: SignatureJson) => UntypedSignature;
}

/**
 * Stamps every task in a signature, callbacks too. As in Celery, stamps from above win over those that the visitor gives, and new
 * ones over old ones; frames of workflows bear none themselves.
 */
export function stamped(signature: SignatureJson, above: Stamps, stamping: Stamping): SignatureJson {
  const { visitor } = stamping;
  switch (kindOf(signature)) {
    case 'chain':
      return stampedList(signature, above, {
        ...stamping,
        start: visitor.onChainStart,
        end: visitor.onChainEnd,
      });
    case 'group':
      return stampedList(signature, above, {
        ...stamping,
        start: visitor.onGroupStart,
        end: visitor.onGroupEnd,
      });
    case 'chord':
      return stampedChord(signature, above, stamping);
    default: {
      const linked = withStampedLinks(signature, above, stamping);
      const given = ask(stamping, visitor.onSignature, { json: linked, above });
      return withStamps(linked, merged(given, stampsOf(linked)));
    }
  }
}

interface ListStamping extends Stamping {
  readonly start: StampHook | undefined;
  readonly end: StampingVisitor['onChainEnd'];
}

function stampedList(list: SignatureJson, above: Stamps, stamping: ListStamping): SignatureJson {
  const { visitor, show, start, end } = stamping;
  const inside = merged(ask(stamping, start, { json: list, above }), stampsOf(list));
  const linked = withStampedLinks(list, inside, stamping);
  const done = mapTasks(linked, (task) => stamped(task, inside, stamping));
  end?.call(visitor, show(done), asHeaders(inside));
  return done;
}

function stampedChord(chord: SignatureJson, above: Stamps, stamping: Stamping): SignatureJson {
  const { visitor, show } = stamping;
  const { onChordHeaderStart, onChordHeaderEnd, onGroupStart, onGroupEnd, onChordBody } = visitor;
  const header = headerOf(chord);
  const given = onChordHeaderStart
    ? ask(stamping, onChordHeaderStart, { json: chord, above })
    : ask(stamping, onGroupStart, { json: header, above });
  const inside = merged(given, stampsOf(chord));
  const members = tasksOf(header).map((member) => stamped(member, inside, stamping));
  const done = withHeader(withStampedLinks(chord, inside, stamping), members);
  if (onChordHeaderEnd) onChordHeaderEnd.call(visitor, show(done), asHeaders(inside));
  else onGroupEnd?.call(visitor, show(headerOf(done)), asHeaders(inside));
  const forBody = ask(stamping, onChordBody, { json: done, above: inside });
  return withBody(done, stamped(bodyOf(done), forBody, stamping));
}

function withStampedLinks(signature: SignatureJson, above: Stamps, stamping: Stamping): SignatureJson {
  const { link, link_error } = signature.options;
  const each = (links: typeof link, hook: StampHook | undefined) =>
    links &&
    readSignatures(links, 'each callback').map((json) =>
      stamped(json, ask(stamping, hook, { json, above }), stamping),
    );
  const { onCallback, onErrback } = stamping.visitor;
  return withOptions(signature, { link: each(link, onCallback), link_error: each(link_error, onErrback) });
}

/** The stamps from above and those that the visitor adds. */
function ask(
  { visitor, show }: Stamping,
  hook: StampHook | undefined,
  { json, above }: { json: SignatureJson; above: Stamps },
): Stamps {
  const headers = hook?.call(visitor, show(json), asHeaders(above));
  return headers ? merged(above, readStamps(headers)) : above;
}
