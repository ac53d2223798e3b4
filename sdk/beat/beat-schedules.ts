import type { AppCore } from '../app/app-core.ts';
import type { ScheduleTopology } from '../app/topology.ts';
import { ConfigurationError, PayloadTooLargeError } from '../errors/index.ts';
import { beatKey } from '../wire/keys.ts';
import { byteLength } from '../wire/size.ts';
import type { BeatEntry, BeatTask, BeatTiming } from './beat-entry.ts';
import { type BeatChanges, changedEntry } from './changed-entry.ts';
import { type CheckedEntry, checkedEntry, checkedName } from './checked-entry.ts';
import { definitionOf, readInput, writeInput } from './definition.ts';
import { type KnownEntry, readKnownEntry } from './known-entry.ts';
import { signatureOf } from './runnable-entry.ts';
import { scheduleOf } from './schedule-of-entry.ts';

/**
 * The entries of beat as they are in the cloud: `app.schedules`. They can be made, changed, paused and deleted while everything runs;
 * EventBridge Scheduler itself keeps them. Those of the app's code are listed once they are deployed, and can be paused until the next
 * deployment; everything else about them is changed in the code.
 *
 * What was sent ahead still runs after a change: up to two minutes of what runs by the second, up to two hours by the sun.
 *
 * Mirrors {@link https://django-celery-beat.readthedocs.io/en/latest/ django-celery-beat}, which keeps them in a database.
 *
 * @example
 * ```ts
 * import { crontab, Tallo } from 'tallo';
 * import { memoryCloud } from 'tallo/testing';
 *
 * const app = new Tallo('store');
 * const report = app.task('reports.send', (customer: string) => `report for ${customer}`);
 * await using cloud = memoryCloud(app, { beat: true });
 *
 * const mondays = crontab({ hour: 9, minute: 0, dayOfWeek: 'mon' });
 * await app.schedules.create('acme-weekly', { task: report, args: ['acme'], schedule: mondays });
 * await app.schedules.pause('acme-weekly');
 * console.log((await app.schedules.get('acme-weekly'))?.enabled); // false
 * await app.schedules.delete('acme-weekly');
 * ```
 */
export class BeatSchedules {
  readonly #app: AppCore;

  constructor(app: AppCore) {
    this.#app = app;
  }

  /**
   * Makes an entry: its first slot comes after now.
   *
   * @throws ConfigurationError (CONFIGURATION) if there is one of that name, or it would never run; ArgumentsError (ARGUMENTS), EncodeError
   * (ENCODE), PayloadTooLargeError (PAYLOAD_TOO_LARGE) beyond 256 KB.
   */
  async create<T extends BeatTask>(name: string, entry: BeatEntry<T>): Promise<void> {
    const checked = checkedEntry(this.#app, name, entry);
    const { clock, schedules } = await this.#cloud();
    const now = clock.now();
    const made = await this.#scheduleOf(checked, now, now);
    if (this.#app.beatEntries.has(name) || !(await schedules.create(made))) throw isTaken(name);
  }

  /**
   * Changes what is given and leaves the rest. A changed schedule counts from now on. Without `task`, `args` are as they travel.
   *
   * @throws ConfigurationError (CONFIGURATION) if there is no such entry, or it comes from the code; and what `create` throws.
   */
  async update<T extends BeatTask>(name: string, changes: BeatChanges<T>): Promise<void> {
    const { clock, schedules } = await this.#cloud();
    const found = await this.#found(name);
    const known = await readKnownEntry(found);
    const { signature } = known;
    if (!signature) throw isFromCode(name);
    const entry = changedEntry(this.#app, { ...known, signature }, changes);
    const now = clock.now();
    // Other arguments are for the next slot, also if its wake is under way.
    const since = isRetimed(changes) ? now : readInput(found.input).since;
    if (!(await schedules.update(await this.#scheduleOf(entry, now, since)))) throw isMissing(name);
  }

  /** The entry of that name; undefined if there is none. */
  async get(name: string): Promise<KnownEntry | undefined> {
    const { schedules } = await this.#cloud();
    const found = await schedules.get(beatKey(checkedName(name)));
    return found && readKnownEntry(found);
  }

  /** All entries. */
  async *list(): AsyncGenerator<KnownEntry, void, undefined> {
    const { schedules } = await this.#cloud();
    for await (const schedule of schedules.list()) yield readKnownEntry(schedule);
  }

  /** It does not run until it is resumed. Throws ConfigurationError (CONFIGURATION) if there is none. */
  async pause(name: string): Promise<void> {
    await this.#enable(name, false);
  }

  /** It runs again, from now on: slots of the pause are not missed ones. Throws as `pause` does, and if its date is over. */
  async resume(name: string): Promise<void> {
    await this.#enable(name, true);
  }

  /** Answers false if there was none. Throws ConfigurationError (CONFIGURATION) for an entry of the app's code. */
  async delete(name: string): Promise<boolean> {
    const { schedules, table } = await this.#cloud();
    const known = await this.get(name);
    if (known?.isFromCode) throw isFromCode(name);
    const isDeleted = await schedules.delete(beatKey(name));
    // Its last slot is nothing that an entry of the same name should know.
    if (isDeleted) await table.delete(beatKey(name));
    return isDeleted;
  }

  async #enable(name: string, isEnabled: boolean): Promise<void> {
    const { clock, schedules } = await this.#cloud();
    const found = await this.#found(name);
    if (found.isEnabled === isEnabled) return;
    const { schedule, timezone } = await readKnownEntry(found);
    const now = clock.now();
    if (isEnabled && schedule.next(now, timezone) === undefined) throw isOver(name);
    const { definition } = readInput(found.input);
    const input = writeInput({ name, definition, since: now });
    if (!(await schedules.update({ ...found, isEnabled, input }))) throw isMissing(name);
  }

  async #found(name: string): Promise<ScheduleTopology> {
    const { schedules } = await this.#cloud();
    const found = await schedules.get(beatKey(checkedName(name)));
    if (found) return found;
    throw isMissing(name);
  }

  async #scheduleOf(entry: CheckedEntry, now: number, since: number | undefined): Promise<ScheduleTopology> {
    if (entry.schedule.next(now, entry.timezone) === undefined) throw isOver(entry.name);
    const definition = definitionOf(entry, await signatureOf(this.#app, entry));
    const made = scheduleOf(entry, { definition, ...(since !== undefined && { since }) }, now);
    checkSize(entry.name, made);
    return made;
  }

  async #cloud() {
    return (await this.#app.connection()).cloud;
  }
}

function isRetimed({ schedule, timezone, enabled }: Partial<BeatTiming>): boolean {
  return schedule !== undefined || timezone !== undefined || enabled !== undefined;
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html (256 KB) */
const maxInputBytes = 262_144;

function checkSize(name: string, { input }: ScheduleTopology): void {
  const size = byteLength(input);
  if (size <= maxInputBytes) return;
  throw PayloadTooLargeError.of(`beat entry '${name}'`, {
    size,
    limit: maxInputBytes,
    advice: 'Store the data elsewhere (S3, a table) and give its address.',
  });
}

function isTaken(name: string): ConfigurationError {
  return new ConfigurationError(
    `Expected a name that no beat entry has, got '${name}'. Update that one, or delete it first.`,
  );
}

function isMissing(name: string): ConfigurationError {
  return new ConfigurationError(
    `Expected a beat entry named '${name}', found none. One of the app's code is there once it is deployed; one for a single date is gone once it has run.`,
  );
}

function isFromCode(name: string): ConfigurationError {
  return new ConfigurationError(
    `Beat entry '${name}' comes from the app's code: change it there and deploy. Here it can be paused and resumed.`,
  );
}

function isOver(name: string): ConfigurationError {
  return new ConfigurationError(
    `Beat entry '${name}': expected a schedule with a time to come, got one that is over.`,
  );
}
