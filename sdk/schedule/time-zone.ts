import { ConfigurationError } from '../errors/index.ts';

/** What clocks show in a zone. Instants are epoch milliseconds; so is what a clock shows, read as if it stood in UTC. */
export interface Zone {
  /** How far clocks are ahead of UTC, milliseconds. */
  offsetAt(instant: number): number;
  /** When clocks are changed, from that instant on and before the other. */
  changes(from: number, to: number): readonly ClockChange[];
}

/** Clocks go from one offset to another. Forward: what they leave out is a gap. Back: what they show twice is an overlap. */
export interface ClockChange {
  readonly at: number;
  /** Milliseconds ahead of UTC until then, and from then on. */
  readonly before: number;
  readonly after: number;
}

const zones = new Map<string, Zone>();

/**
 * The zone of that IANA name.
 *
 * @throws ConfigurationError when there is none
 */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const zone = createZone(offsetReader(name));
  zones.set(name, zone);
  return zone;
}

/** What a clock of the zone shows. */
export function toWallClock(instant: number, zone: Zone): number {
  return instant + zone.offsetAt(instant);
}

const day = 86_400_000;

/**
 * The instant at which a clock of the zone shows that, by Python's rule for `fold=0`: the first time in an overlap; in a gap, as
 * if clocks had not been changed yet.
 */
export function toInstant(wall: number, zone: Zone): number {
  const before = zone.offsetAt(wall - day);
  const instant = wall - before;
  if (zone.offsetAt(instant) === before) return instant;
  const after = zone.offsetAt(wall + day);
  return zone.offsetAt(wall - after) === after ? wall - after : instant;
}

const week = 7 * day;

/** Looking up an offset is slow, so that the changes of 52 weeks are found at once and kept. No zone changes twice in a week. */
const block = 52 * week;

function createZone(readOffset: (instant: number) => number): Zone {
  const blocks = new Map<number, readonly ClockChange[]>();

  function changesOf(index: number): readonly ClockChange[] {
    const known = blocks.get(index);
    if (known) return known;
    const found: ClockChange[] = [
      { at: index * block, before: Number.NaN, after: readOffset(index * block) },
    ];
    for (let start = index * block; start < (index + 1) * block; start += week) {
      const change = findChange(readOffset, start);
      if (change) found.push(change);
    }
    blocks.set(index, found);
    return found;
  }

  return {
    offsetAt(instant) {
      const last = changesOf(Math.floor(instant / block)).findLast(({ at }) => at <= instant);
      return last ? last.after : readOffset(instant);
    },
    changes(from, to) {
      const first = Math.floor(from / block);
      const count = Math.floor(to / block) - first + 1;
      return Array.from({ length: count }, (_, i) => changesOf(first + i).slice(1))
        .flat()
        .filter(({ at }) => at >= from && at < to);
    },
  };
}

/** The change in the week from `start` on, its end included, to the second. */
function findChange(readOffset: (instant: number) => number, start: number): ClockChange | undefined {
  const before = readOffset(start);
  const after = readOffset(start + week);
  if (before === after) return undefined;
  let low = start;
  let high = start + week;
  while (high - low > 1_000) {
    const middle = low + Math.floor((high - low) / 2_000) * 1_000;
    if (readOffset(middle) === before) low = middle;
    else high = middle;
  }
  return { at: high, before, after };
}

const offsetText = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

function offsetReader(name: string): (instant: number) => number {
  const format = formatOf(name);
  return (instant) => {
    const [, sign, hours = 0, minutes = 0, seconds = 0] = offsetText.exec(format.format(instant)) ?? [];
    const size = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
    return sign === '-' ? -size : size;
  };
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    // Intl also takes offsets and any case, EventBridge Scheduler does not.
    if (/^[A-Z]/.test(name))
      return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    // The name is unknown: said below.
  }
  throw new ConfigurationError(
    `Expected a time zone to be an IANA name such as 'Europe/Madrid', got ${JSON.stringify(name)}.`,
  );
}
