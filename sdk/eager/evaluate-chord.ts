import type { Delivery } from '../engine/delivery.ts';
import type { Failure } from '../engine/effect.ts';
import { failInstead } from '../engine/fail-instead.ts';
import type { Start } from '../engine/follow-up.ts';
import { ChordError } from '../errors/index.ts';
import { describeException } from '../flow/describe-exception.ts';
import { joinOf } from '../flow/join.ts';
import { nowhere, optionsForParts } from '../flow/place.ts';
import { encodeException } from '../wire/exception.ts';
import { inheritedPriority } from '../wire/priority.ts';
import {
  bodyOf,
  headerOf,
  kindOf,
  resultId,
  type SignatureJson,
  taskSignature,
  tasksOf,
  withOptions,
} from '../wire/signature.ts';
import { type End, firstFailed, memberValue } from './end.ts';
import { evaluateMembers } from './evaluate-group.ts';
import { fail } from './fail.ts';
import type { Scene } from './scene.ts';

/** Runs the header of a chord, then its body with the list of results, or with every outcome if it is to settle. */
export async function evaluateChord(
  { signature, place }: Start,
  by: Delivery | undefined,
  scene: Scene,
): Promise<End> {
  const { chain, chord, group, rootId, parentId, priority } = place;
  const header = headerOf(signature);
  const body = bodyOf(signature);
  const options = optionsForParts(signature, place);
  const around = { ...nowhere, chain, chord, group };
  if (tasksOf(header).length === 0) {
    const alone = { ...around, args: [[]], options, rootId, parentId, priority };
    return scene.evaluate({ signature: body, place: alone }, by);
  }
  const settle = signature.kwargs.settle === true;
  const inner = {
    ...place,
    options: { ...optionsForParts(header, place), ...options },
    chord: joinIn({ header, body, settle }),
  };
  const { members, last } = await evaluateMembers(header, { place: inner, by }, scene);
  const failed = settle ? undefined : firstFailed(members);
  if (failed) {
    const failure = failureOfBody(body, failed.failure);
    const end = await fail({ signature: body, place: around }, { failure, by: failed.delivery }, scene);
    return { ...end, by: last };
  }
  // The body has a time of its own.
  const { countdown: _, eta: __, ...lasting } = options;
  const given = {
    args: [members.map((member) => memberValue(member, settle))],
    rootId: last?.envelope.rootId ?? null,
    parentId: last?.envelope.id ?? null,
    priority: last ? inheritedPriority(last.envelope) : null,
  };
  const next = withOptions(body, { ...lasting, ...body.options });
  return scene.evaluate({ signature: next, place: { ...around, ...given } }, last);
}

/** By this a member knows that it may add others, and which error callbacks the chord around it will call. Nobody counts here. */
function joinIn({ header, body, settle }: { header: SignatureJson; body: SignatureJson; settle: boolean }) {
  const failure = { state: 'FAILURE', result: null, traceback: null };
  const link_error = failInstead({ signature: body, place: nowhere }, failure).flatMap((effect) =>
    effect.kind === 'errbacks' ? effect.errbacks : [],
  );
  return joinOf({
    group: resultId(header) ?? '',
    size: tasksOf(header).length,
    // The rest of the body need not travel with each member.
    body: taskSignature('body', { options: { link_error } }),
    settle,
  });
}

/** As in Celery: why the first member failed, as a ChordError; members of a body that is a group get the exception as it was. */
function failureOfBody(body: SignatureJson, { result }: Failure): Failure {
  const isPassedOn = kindOf(body) === 'group';
  const error = isPassedOn ? result : encodeException(new ChordError(describeException(result)));
  // That it was noticed here says nothing of where it happened.
  return { state: 'FAILURE', result: error, traceback: null };
}
