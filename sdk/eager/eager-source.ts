import type { AppCore } from '../app/app-core.ts';
import { ConfigurationError, TimeoutError } from '../errors/index.ts';
import { type Clock, systemClock } from '../ports/clock.ts';
import type { Table } from '../ports/table.ts';
import { resultFromTuple } from '../result/result-from-tuple.ts';
import type { ResultReader } from '../result/result-reader.ts';
import type { ResultSource } from '../result/result-source.ts';
import type { Rows } from './rows.ts';

/** Where the handles of an eager run read: from its rows. */
export function eagerSource(app: AppCore, rows: Rows): ResultSource {
  const reader: ResultReader = {
    read: async (taskId) => rows.get(taskId),
    forget: async (taskId) => {
      rows.delete(taskId);
    },
  };
  const source: ResultSource = {
    connect: async () => ({ reader, table: noTable, clock: endedClock }),
    resultExpiresMs: app.settings.resultExpiresMs,
    // The rows have every end, also of tasks whose results a worker would not store.
    taskNamed(name) {
      const task = app.definitions.get(name);
      return task && { ...task, ignoreResult: false };
    },
    fromTuple: (tuple) => resultFromTuple(tuple, source),
    // The run is over.
    revoke: async () => undefined,
  };
  return source;
}

/** When there is a handle, the run is over: what is not there now will never be. */
const endedClock: Clock = {
  ...systemClock,
  sleep: async () => {
    throw new TimeoutError(
      'Expected a result that an eager run has left, found none: nobody will store one.',
    );
  },
};

const noTable: Table = { read: refuse, put: refuse, putAll: refuse, change: refuse, delete: refuse };

async function refuse(): Promise<never> {
  throw new ConfigurationError('Expected a group whose results are in the table, got one of an eager run.');
}
