/** A request to the scheduler, read from path, query, headers and body. */
export interface ScheduleRequest {
  /** What the path names: a schedule, a group, or the ARN of a resource. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** The region that the request was signed for. */
  readonly region: string;
}
