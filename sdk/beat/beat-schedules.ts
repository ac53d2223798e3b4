import type { AppCore } from '../app/app-core.ts';
import { failing } from '../outbox/insist.ts';
import type { BeatEntry, BeatTask } from './beat-entry.ts';
import type { BeatChanges } from './changed-entry.ts';
import type { KnownEntry } from './known-entry.ts';
import type { StoredEntries } from './stored-entries.ts';

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
   * (ENCODE), PayloadTooLargeError (PAYLOAD_TOO_LARGE) beyond 256 KB;
   * OperationalError (OPERATIONAL) if the cloud does not answer, as do all others.
   */
  async create<T extends BeatTask>(name: string, entry: BeatEntry<T>): Promise<void> {
    await this.#ask((stored) => stored.create(name, entry));
  }

  /**
   * Changes what is given and leaves the rest. A changed schedule counts from now on. Without `task`, `args` are as they travel.
   *
   * @throws ConfigurationError (CONFIGURATION) if there is no such entry, or it comes from the code; and what `create` throws.
   */
  async update<T extends BeatTask>(name: string, changes: BeatChanges<T>): Promise<void> {
    await this.#ask((stored) => stored.update(name, changes));
  }

  /** The entry of that name; undefined if there is none. */
  async get(name: string): Promise<KnownEntry | undefined> {
    return this.#ask((stored) => stored.get(name));
  }

  /** All entries. */
  async *list(): AsyncGenerator<KnownEntry, void, undefined> {
    const stored = await this.#stored();
    try {
      yield* stored.list();
    } catch (error) {
      unanswered(error);
    }
  }

  /** It does not run until it is resumed. Throws ConfigurationError (CONFIGURATION) if there is none. */
  async pause(name: string): Promise<void> {
    await this.#ask((stored) => stored.enable(name, false));
  }

  /** It runs again, from now on: slots of the pause are not missed ones. Throws as `pause` does, and if its date is over. */
  async resume(name: string): Promise<void> {
    await this.#ask((stored) => stored.enable(name, true));
  }

  /** Answers false if there was none. Throws ConfigurationError (CONFIGURATION) for an entry of the app's code. */
  async delete(name: string): Promise<boolean> {
    return this.#ask((stored) => stored.delete(name));
  }

  async #ask<T>(question: (stored: StoredEntries) => Promise<T>): Promise<T> {
    return question(await this.#stored()).catch(unanswered);
  }

  /** Loaded when it is needed: most workers and callers do without. */
  async #stored(): Promise<StoredEntries> {
    const [{ cloud }, { StoredEntries }] = await Promise.all([
      this.#app.connection(),
      import('./stored-entries.ts'),
    ]);
    return new StoredEntries(this.#app, cloud);
  }
}

const unanswered: (error: unknown) => never = failing('Asking for the schedules');
