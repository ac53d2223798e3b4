import type { AppCore } from '../app/app-core.ts';
import type { ScheduleTopology } from '../app/topology.ts';
import { ConfigurationError, PayloadTooLargeError } from '../errors/index.ts';
import type { Cloud } from '../ports/cloud.ts';
import { beatKey } from '../wire/keys.ts';
import { byteLength } from '../wire/size.ts';
import type { BeatEntry, BeatTask, BeatTiming } from './beat-entry.ts';
import { beatRowTtl } from './beat-row.ts';
import { type BeatChanges, changedEntry } from './changed-entry.ts';
import { type CheckedEntry, checkedEntry, checkedName } from './checked-entry.ts';
import { definitionOf, readInput, writeInput } from './definition.ts';
import { type KnownEntry, readKnownEntry } from './known-entry.ts';
import { signatureOf } from './runnable-entry.ts';
import { scheduleOf } from './schedule-of-entry.ts';

/** The entries of beat in the cloud: each is a schedule there that tells of it. */
export class StoredEntries {
  readonly #app: AppCore;
  readonly #cloud: Cloud;

  constructor(app: AppCore, cloud: Cloud) {
    this.#app = app;
    this.#cloud = cloud;
  }

  async create<T extends BeatTask>(name: string, entry: BeatEntry<T>): Promise<void> {
    const checked = checkedEntry(this.#app, name, entry);
    const { clock, schedules } = this.#cloud;
    const now = clock.now();
    const made = await this.#scheduleOf(checked, now, now);
    if (this.#app.beatEntries.has(name) || !(await schedules.create(made))) throw isTaken(name);
  }

  async update<T extends BeatTask>(name: string, changes: BeatChanges<T>): Promise<void> {
    const { clock, schedules } = this.#cloud;
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

  async get(name: string): Promise<KnownEntry | undefined> {
    const { schedules } = this.#cloud;
    const found = await schedules.get(beatKey(checkedName(name)));
    return found && readKnownEntry(found);
  }

  async *list(): AsyncGenerator<KnownEntry, void, undefined> {
    const { schedules } = this.#cloud;
    for await (const schedule of schedules.list()) yield readKnownEntry(schedule);
  }

  async delete(name: string): Promise<boolean> {
    const { schedules, table } = this.#cloud;
    const known = await this.get(name);
    if (known?.isFromCode) throw isFromCode(name);
    const isDeleted = await schedules.delete(beatKey(name));
    // Its last slot is nothing that an entry of the same name should know.
    if (isDeleted) await table.delete(beatKey(name));
    return isDeleted;
  }

  async enable(name: string, isEnabled: boolean): Promise<void> {
    const { clock, schedules, table } = this.#cloud;
    const found = await this.#found(name);
    if (found.isEnabled === isEnabled) return;
    const { schedule, timezone, isFromCode } = await readKnownEntry(found);
    const now = clock.now();
    if (isEnabled && schedule.next(now, timezone) === undefined) throw isOver(name);
    const { definition } = readInput(found.input);
    const input = writeInput({ name, definition, since: now });
    if (!(await schedules.update({ ...found, isEnabled, input }))) throw isMissing(name);
    // A deployment puts back an input that says nothing of this; beat looks here, too.
    const noted = isEnabled ? { isPaused: false, since: now } : { isPaused: true };
    if (isFromCode) await table.change(beatKey(name), { set: { ...noted, ttl: beatRowTtl(now) } });
  }

  async #found(name: string): Promise<ScheduleTopology> {
    const { schedules } = this.#cloud;
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
