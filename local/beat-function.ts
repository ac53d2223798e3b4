import { beat } from '../functions/beat/handler.ts';
import type { BeatEvent } from '../sdk/beat/definition.ts';
import type { Tallo } from '../sdk/index.ts';
import type { Logger } from '../sdk/log/logger.ts';
import type { ScheduledFunction } from './endpoint/scheduler/targets/functions.ts';

/** An app's beat function, under the name by which its schedules know it. */
export function beatFunction(app: Tallo, log?: Logger): Readonly<Record<string, ScheduledFunction>> {
  const handler = beat(app, log && { log });
  // What it is given the handler itself checks.
  return { [app.settings.topology.beatFunctionName]: (event) => handler(event as BeatEvent) };
}
