import type { ScheduleRequest } from '../schedule-request.ts';
import type { Scheduler } from '../scheduler.ts';

/** Carries out one action and gives its answer. */
export type Action = (scheduler: Scheduler, request: ScheduleRequest) => object;
