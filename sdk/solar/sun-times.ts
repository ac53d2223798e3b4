import { getPosition, getTimes } from 'suncalc';

/** What the sun does once on most days, and where its centre stands then, degrees above the horizon. */
const altitudes = {
  dawn_astronomical: -18,
  dawn_nautical: -12,
  dawn_civil: -6,
  // Its upper edge touches the horizon: half a sun, and the 34' by which air lifts what stands there.
  sunrise: -5 / 6,
  solar_noon: undefined,
  sunset: -5 / 6,
  dusk_civil: -6,
  dusk_nautical: -12,
  dusk_astronomical: -18,
} as const;

/**
 * An event of the sun, by Celery's names. Dawn and dusk are when its centre is 18 (astronomical), 12 (nautical) or 6 (civil) degrees
 * below the horizon; at sunrise and sunset its upper edge touches it; at solar noon it stands highest.
 */
export type SolarEvent = keyof typeof altitudes;

export const solarEvents = Object.keys(altitudes) as readonly SolarEvent[];

/** A place on the earth, degrees; south and west are negative. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

const minute = 60_000;
const halfDay = 43_200_000;

/** No polar day or night is longer. */
const horizonDays = 370;

/** The first such event after that instant, to the minute; undefined where it does not happen within a year. */
export function nextSunTime(event: SolarEvent, place: Place, after: number): number | undefined {
  // The library's days begin up to a day apart from ours.
  for (let i = -1; i < horizonDays; i += 1) {
    const time = sunTime(event, place, after + i * 2 * halfDay);
    const slot = time === undefined ? Number.NaN : Math.round(time / minute) * minute;
    if (slot > after) return slot;
  }
  return undefined;
}

/** The event around the noon of that day. The library's own times of it are wrong on the first days after a polar day or night. */
function sunTime(event: SolarEvent, place: Place, dayOf: number): number | undefined {
  const noon = getTimes(new Date(dayOf), place.latitude, place.longitude).solarNoon.getTime();
  const altitude = altitudes[event];
  if (altitude === undefined) return noon;
  const isMorning = event === 'sunrise' || event.startsWith('dawn');
  return crossing(
    (time) => altitudeAt(time, place) - altitude,
    isMorning ? noon - halfDay : noon + halfDay,
    noon,
  );
}

/** The library lifts by refraction, which is the same 29.04' for all that stands below the horizon ... */
const refraction = 29.04 / 60;

/** ... and looks from the centre of the earth: from its surface, the sun stands 8.8'' lower. */
const parallax = 8.8 / 3_600;

function altitudeAt(time: number, { latitude, longitude }: Place): number {
  return getPosition(new Date(time), latitude, longitude).altitude - refraction - parallax;
}

/** Where a function that is negative at `below` and positive at `above`, and goes one way only, is zero. */
function crossing(of: (time: number) => number, below: number, above: number): number | undefined {
  if (of(below) > 0 || of(above) < 0) return undefined;
  let [low, high] = [below, above];
  while (Math.abs(high - low) > 1_000) {
    const middle = (low + high) / 2;
    if (of(middle) < 0) low = middle;
    else high = middle;
  }
  return high;
}
