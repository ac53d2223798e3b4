// Schedules by the sun: a door of their own, since they load a library.
export { solar } from './solar.ts';
export type { SolarEvent } from './sun-times.ts';
