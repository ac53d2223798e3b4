import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Cloud, silentLogger, type Tallo } from 'tallo';
import { consumer } from 'tallo/functions';

/** When a worker dies: at which of its requests to the cloud, and whether that one still had its effect. */
export interface Death {
  readonly atRequest: number;
  readonly isCarriedOut: boolean;
}

const never = new Promise<never>(() => undefined);

/**
 * A worker process that can die. From then on it is gone for the world: none of its requests arrives, and its batch is
 * without an answer, as when Lambda loses a sandbox. The next batch is served by a new process.
 */
export class MortalWorker {
  readonly #define: () => Tallo;
  readonly #cloud: () => Cloud;
  readonly #deaths: Death[];
  #requests = 0;
  #process: { handle(event: SQSEvent, context: Context): Promise<SQSBatchResponse>; die(): void } | undefined;

  constructor(parts: { define: () => Tallo; cloud: () => Cloud; deaths?: readonly Death[] }) {
    this.#define = parts.define;
    this.#cloud = parts.cloud;
    this.#deaths = [...(parts.deaths ?? [])];
  }

  /** Requests that all processes have made. */
  get requests(): number {
    return this.#requests;
  }

  readonly handler = async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    this.#process ??= this.#start();
    return this.#process.handle(event, context);
  };

  /** Kills the process that runs now. */
  kill(): void {
    this.#process?.die();
    this.#process = undefined;
  }

  #start() {
    const { promise: death, reject } = Promise.withResolvers<never>();
    death.catch(() => undefined);
    let isDead = false;
    const die = () => {
      isDead = true;
      reject(new Error('the worker was lost'));
    };
    const app = this.#define();
    app.connect(this.#mortal(() => isDead));
    const handle = consumer(app, { log: silentLogger });
    return {
      die,
      handle: (event: SQSEvent, context: Context) => Promise.race([handle(event, context), death]),
    };
  }

  #mortal(isDead: () => boolean): Cloud {
    const cloud = this.#cloud();
    const guard = <T extends object>(port: T): T =>
      new Proxy(port, {
        get: (target, name) => {
          const method = Reflect.get(target, name);
          if (typeof method !== 'function') return method;
          return (...parameters: unknown[]) => this.#request(isDead, () => method.apply(target, parameters));
        },
      });
    return {
      ...cloud,
      clock: cloud.clock,
      chance: cloud.chance,
      queues: guard(cloud.queues),
      table: guard(cloud.table),
      timers: guard(cloud.timers),
      payloads: guard(cloud.payloads),
      close: async () => undefined,
    };
  }

  async #request(isDead: () => boolean, carryOut: () => Promise<unknown>): Promise<unknown> {
    if (isDead()) return never;
    const request = this.#requests++;
    const death = this.#deaths.find(({ atRequest }) => atRequest === request);
    if (!death) return carryOut();
    if (death.isCarriedOut) await carryOut();
    this.kill();
    return never;
  }
}
