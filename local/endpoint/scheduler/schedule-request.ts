/** A request for one schedule, read from path, query and body. */
export interface ScheduleRequest {
  readonly name: string;
  readonly groupName: string;
  readonly body: Readonly<Record<string, unknown>>;
}
