import type { AppCore } from '../app/app-core.ts';
import { revokeTargets } from '../control/revoke.ts';
import { readRevokeOptions } from '../control/revoke-options.ts';
import { targetsOf } from '../control/targets.ts';
import { resultFromTuple } from '../result/result-from-tuple.ts';
import type { ResultSource } from '../result/result-source.ts';

/** Where handles of this app read. The cloud is only asked for when something is read. */
export function resultSource(app: AppCore): ResultSource {
  const source: ResultSource = {
    async connect() {
      const { results, cloud } = await app.connection();
      return { reader: results, table: cloud.table, clock: cloud.clock };
    },
    resultExpiresMs: app.settings.resultExpiresMs,
    taskNamed: (name) => app.definitions.get(name),
    fromTuple: (tuple) => resultFromTuple(tuple, source),
    revoke: async (results, options) => revokeTargets(app, targetsOf(results), readRevokeOptions(options)),
  };
  return source;
}
