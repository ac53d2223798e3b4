import { ConfigurationError } from '../errors/index.ts';
import type { Item } from '../ports/table.ts';
import type { Json } from '../wire/json.ts';
import {
  bodyOf,
  chordSignature,
  headerOf,
  kindOf,
  memberId,
  readSignatures,
  resultId,
  type SignatureJson,
  tasksOf,
  withOptions,
} from '../wire/signature.ts';
import { joinOf } from './join.ts';
import { isJoinedByCelery, memberResultId } from './joined-by.ts';
import { collector } from './normalise.ts';
import { paged } from './pages.ts';
import { asOptions, optionsForParts, type Place, within } from './place.ts';
import type { Planned, PlannedCall, World } from './planned.ts';
import { withIds } from './written-out.ts';

/**
 * What must be sent to start a signature that has its ids: one call for a task or a chain, one for each member of a group
 * or of a chord's header. Nothing is decided by chance, so a second start is the same as the first.
 */
export function* plan(signature: SignatureJson, place: Place, world: World): Generator<Planned> {
  const inside = within(signature, place);
  switch (kindOf(signature)) {
    case 'task':
      yield* planTask(signature, inside, world);
      return;
    case 'chain':
      yield* planChain(signature, inside, world);
      return;
    case 'group':
      yield* planGroup(signature, inside, world);
      return;
    case 'chord':
      yield* planChord(signature, inside, world);
  }
}

/** Only the first step starts now; the others travel with it. */
function* planChain(signature: SignatureJson, place: Place, world: World): Generator<Planned> {
  const [first, ...others] = tasksOf(signature);
  if (first === undefined) return;
  const last = others.pop();
  const { chord, group } = place;
  const rest = last === undefined ? [] : [...others, withOptions(last, asOptions({ ...place, chain: [] }))];
  yield* plan(
    first,
    {
      ...place,
      options: optionsForParts(signature, place),
      chain: [...place.chain, ...rest.reverse()],
      // The place in a larger workflow is that of the last step.
      ...(last === undefined ? { chord, group } : { chord: null, group: null }),
    },
    world,
  );
}

function* planGroup(signature: SignatureJson, place: Place, world: World): Generator<Planned> {
  const groupId = idOf(signature);
  if (place.chain.length > 0 || place.chord !== null) {
    // Something waits for the whole group: somebody must collect its results.
    const body = withOptions(collector(), { task_id: `${groupId}:list` });
    yield* planChord(chordSignature({ header: signature, body }), place, world);
    return;
  }
  const options = optionsForParts(signature, place);
  for (const [index, member] of tasksOf(signature).entries()) {
    yield* plan(member, { ...place, options, group: { id: groupId, index } }, world);
  }
}

function* planChord(signature: SignatureJson, place: Place, world: World): Generator<Planned> {
  const header = headerOf(signature);
  const members = tasksOf(header);
  const options = optionsForParts(signature, place);
  const { countdown: _, eta: __, ...lasting } = options;
  const frame = bodyOf(signature);
  const body = withOptions(frame, { ...lasting, ...frame.options, ...asOptions(place) });
  const settle = signature.kwargs.settle === true;
  if (members.length === 0) {
    const { rootId, parentId, priority } = place;
    yield* plan(body, { ...nothingAround, options, rootId, parentId, priority, args: [[]] }, world);
    return;
  }
  const groupId = idOf(header);
  const isOurs = !isJoinedByCelery(members, groupId, world.isServedByCelery);
  if (!isOurs) {
    if (settle) throw settleNeedsUs();
    yield {
      kind: 'celery-chord',
      groupId,
      members: members.map((member, i) => memberResultId(member, groupId, i)),
    };
  }
  const page = pagedBody(body, world.ttl);
  if (isOurs && page.rows.length > 0) yield { kind: 'rows', rows: page.rows };
  const chord = isOurs
    ? joinOf({ group: groupId, size: members.length, body: page.body, settle })
    : withIds(body);
  const inner = { ...place, options: { ...optionsForParts(header, place), ...options }, chain: [], chord };
  for (const [index, member] of members.entries()) {
    yield* plan(member, { ...inner, group: { id: groupId, index } }, world);
  }
}

const nothingAround = { kwargs: {}, chain: [], chord: null, group: null };

/** Every member carries the body: what is larger than this is stored once. */
const maxBody = 4 * 1_024;

/** A body as members carry it, and the rows that it refers to. */
export function pagedBody(body: SignatureJson, ttl: number): { body: Json; rows: readonly Item[] } {
  const { chain, rows } = paged([body], { ttl, limit: maxBody });
  return { body: chain[0] ?? body, rows };
}

function* planTask(signature: SignatureJson, place: Place, world: World): Generator<Planned> {
  if (world.isServedByCelery(signature)) {
    yield callOf(signature, place);
    return;
  }
  const { chain, rows } = paged(place.chain, { ttl: world.ttl });
  if (rows.length > 0) yield { kind: 'rows', rows };
  yield callOf(signature, { ...place, chain });
}

function callOf(signature: SignatureJson, place: Place): PlannedCall {
  const { task, kwargs, options, immutable } = signature;
  const { link = null, link_error = null } = options;
  const { group } = place;
  const id = resultId(signature) ?? (group && memberId(group.id, group.index ?? 0));
  if (id === null) throw new Error(`Task '${task}' was to be started without an id.`);
  return {
    kind: 'call',
    task,
    id,
    args: place.args,
    kwargs: immutable ? kwargs : { ...kwargs, ...place.kwargs },
    options: optionsForParts(signature, place),
    embed: {
      callbacks: link === null ? null : readSignatures(link),
      errbacks: link_error === null ? null : readSignatures(link_error),
      chain: place.chain.length === 0 ? null : place.chain,
      chord: place.chord,
    },
    group,
    rootId: place.rootId,
    parentId: place.parentId,
    priority: place.priority,
  };
}

function idOf(signature: SignatureJson): string {
  const id = resultId(signature);
  if (id === undefined) throw new Error(`A ${signature.task} was to be started without an id.`);
  return id;
}

function settleNeedsUs(): ConfigurationError {
  return new ConfigurationError(
    'Expected every member of a chord with settle: true to be served by Tallo, got one whose queue runs on Celery, which joins in its own way.',
  );
}
