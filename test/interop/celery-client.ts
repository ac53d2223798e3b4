import { type PythonProcess, type PythonSettings, startPython } from './python-process.ts';

/** What became of a workflow, as JSON: a value or an exception's class and arguments, and what else it counted. */
export type Outcome = Readonly<Record<string, unknown>>;

/** A call that Celery is asked to make. */
export interface CeleryCall {
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  /** The options of Celery's `apply_async`; `expires: 'past'` is an instant long ago. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** All that Celery says of a result that has come to its end. */
export interface CeleryResult {
  readonly id: string;
  readonly value?: unknown;
  /** The value as Python writes it: it shows the type. */
  readonly repr?: string;
  /** The exception that `get` raised: its class, arguments, module and text. */
  readonly error?: string;
  readonly args?: readonly unknown[];
  readonly module?: string;
  readonly message?: string;
  readonly state: string;
  /** `ready()`, `successful()`, `failed()` */
  readonly asked: readonly boolean[];
  readonly name: string | null;
  readonly retries: number | null;
  readonly queue: string | null;
  readonly hasTraceback: boolean;
  readonly hasDate: boolean;
  readonly children: readonly string[];
  readonly seconds: number;
}

/** A workflow that the client can run. */
export interface WorkflowEntry {
  readonly name: string;
  /** What Tallo has to give where Celery cannot, and why. */
  readonly target: Outcome | null;
  readonly note: string | null;
  /** So much work that others would wait too long beside it. */
  readonly heavy: boolean;
}

/** Celery as a client, in a process of its own. It does many things at a time. */
export class CeleryClient {
  readonly #waiting = new Map<number, (answer: Readonly<Record<string, unknown>>) => void>();
  #process: PythonProcess | undefined;
  #lastId = 0;

  static async start(settings: PythonSettings): Promise<CeleryClient> {
    const client = new CeleryClient();
    client.#process = await startPython(['interop.client'], settings, (line) => client.#take(line));
    return client;
  }

  /** Builds the workflow of that name, calls it and tells what became of it. */
  async workflow(name: string): Promise<Outcome> {
    const { outcome } = await this.#ask({ workflow: name });
    return outcome as Outcome;
  }

  async workflows(): Promise<readonly WorkflowEntry[]> {
    const { workflows } = await this.#ask({ list: true });
    return workflows as readonly WorkflowEntry[];
  }

  /** Calls a task by its name and waits for its end. */
  async call(task: string, call: CeleryCall = {}): Promise<CeleryResult> {
    return this.#called({ call: task, ...call });
  }

  /** Waits for the end of a call that somebody else made. */
  async result(id: string): Promise<CeleryResult> {
    return this.#called({ result: id });
  }

  /** What the result says now. */
  async look(id: string): Promise<{ state: string; info: unknown }> {
    return this.#called({ look: id });
  }

  async forget(id: string): Promise<void> {
    await this.#called({ forget: id });
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  async #called<T>(request: object): Promise<T> {
    const { called } = await this.#ask(request);
    // `calls.py` answers each kind of request in its own form.
    const told = called as T & { crash?: string };
    if (told.crash) throw new Error(told.crash);
    return told;
  }

  #ask(request: object): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<Readonly<Record<string, unknown>>>();
    this.#waiting.set(id, resolve);
    this.#process?.write(JSON.stringify({ id, ...request }));
    return promise;
  }

  #take(line: string): void {
    const { id, ...answer } = JSON.parse(withoutNaN(line));
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}

/** Python writes NaN and Infinity as they are. */
function withoutNaN(line: string): string {
  return line.replace(/(?<=: )-?(?:NaN|Infinity)(?=[,}\]])/g, '"$&"');
}
