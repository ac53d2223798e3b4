import type { AppCore } from '../app/app-core.ts';
import type { Connection } from '../app/connection.ts';
import { ConfigurationError } from '../errors/index.ts';
import { freeze } from '../flow/freeze.ts';
import { type Join, writeJoin } from '../flow/join.ts';
import { hasLeaf } from '../flow/joined-by.ts';
import { collected } from '../flow/normalise.ts';
import type { Place } from '../flow/place.ts';
import { pagedBody, plan } from '../flow/plan.ts';
import type { Planned } from '../flow/planned.ts';
import { failing } from '../outbox/insist.ts';
import type { JsonObject } from '../wire/json.ts';
import { joinKey } from '../wire/keys.ts';
import {
  bodyOf,
  chordSignature,
  groupSignature,
  kindOf,
  memberId,
  resultId,
  type SignatureJson,
} from '../wire/signature.ts';
import { type HeaderPage, headerPages } from './header-pages.ts';
import { sendPlanned, workflowTtl, worldOf } from './send-planned.ts';
import { named, placeOfCaller, startWorkflow } from './start-workflow.ts';

/** A chord whose header is made while it is sent. */
export interface LazyChordJson {
  /** The members, with complete arguments in the form that travels. It can be run through once. */
  readonly header: AsyncIterable<SignatureJson>;
  readonly body: SignatureJson;
  /** The body gets the outcome of each member, failed ones too. */
  readonly settle: boolean;
}

/**
 * Starts a chord without ever holding its whole header: members are sent in pages as they are made, and more are made when those
 * are accepted. Each page is a join of its own and a part of the chord's; how many pages there are is written before the last
 * one is sent, so that its end finds the number. Without any member the body runs with an empty list. `options` are those of
 * the call, under Celery's names, `task_id` for the body's result, `link` and `link_error` among them.
 *
 * @returns the body with its ids, from which the handle on its result is made
 */
export async function startLazyChord(
  app: AppCore,
  { header, body, settle }: LazyChordJson,
  options: JsonObject,
): Promise<SignatureJson> {
  const pages = headerPages(header);
  const first = await pages.next();
  if (first.done || first.value.isLast) {
    // It fits into one page: a chord like any other.
    const members = first.done ? [] : first.value.members;
    const chord = chordSignature({ header: groupSignature(members), body, settle });
    return bodyOf(await startWorkflow(app, chord, { options }));
  }
  const open = await openChord(app, { body, settle, options });
  await open.send(first.value);
  for await (const page of pages) await open.send(page);
  return open.body;
}

async function openChord(
  app: AppCore,
  { body: given, settle, options }: Omit<LazyChordJson, 'header'> & { readonly options: JsonObject },
) {
  const connection = await app.connection();
  const { clock, chance } = connection.cloud;
  const { frozen: body, others } = named(app, given, { options, newId: chance.newId });
  const { body: inMessages, rows } = pagedBody(body, workflowTtl(clock.now()));
  const group = chance.newId();
  const join: Join = { group, size: 0, isOpen: true, settle, next: { body: inMessages } };
  if (rows.length > 0) await sendPlanned(app, connection, [{ kind: 'rows', rows }]);
  const place = { ...placeOfCaller(), options: others };
  return {
    body,
    async send(page: HeaderPage): Promise<void> {
      if (page.isLast) await close(connection, group, page);
      await sendPlanned(
        app,
        connection,
        planPage(app, page, { join, place, now: clock.now(), newId: chance.newId }),
      );
    },
  };
}

/** From now on whoever ends a page can see whether it was the last. */
async function close(
  { cloud }: Connection,
  group: string,
  { index, start, members }: HeaderPage,
): Promise<void> {
  const set = { pages: index + 1, members: start + members.length, ttl: workflowTtl(cloud.clock.now()) };
  await cloud.table.change(joinKey(group), { set }).catch(failing(`Starting chord ${group}`));
}

interface Frame {
  readonly join: Join;
  readonly place: Place;
  readonly now: number;
  readonly newId: () => string;
}

function* planPage(
  app: AppCore,
  { members, start, index }: HeaderPage,
  { join, place, now, newId }: Frame,
): Generator<Planned> {
  const world = worldOf(app, now);
  const { group, settle } = join;
  const chord = writeJoin({
    group: `${group}/${index}`,
    size: members.length,
    isOpen: false,
    settle,
    next: { part: join, index },
  });
  for (const [offset, given] of members.entries()) {
    const member = memberOf(given, memberId(group, start + offset), newId);
    if (hasLeaf(member, world.isServedByCelery)) throw celeryNeedsList(member);
    yield* plan(member, { ...place, chord, group: { id: group, index: start + offset } }, world);
  }
}

function memberOf(given: SignatureJson, id: string, newId: () => string): SignatureJson {
  const member = collected(given);
  return kindOf(member) === 'task' && resultId(member) === undefined ? member : freeze(member, newId, id);
}

function celeryNeedsList({ task }: SignatureJson): ConfigurationError {
  return new ConfigurationError(
    `Expected every member of a header that is made while it is sent to be served by Tallo, got '${task}', whose queue runs on Celery. Give the header as an array.`,
  );
}
