import type { AppCore } from '../app/app-core.ts';
import type { ResultSource } from '../result/result-source.ts';

/** Where handles of this app read. The cloud is only asked for when something is read. */
export function resultSource(app: AppCore): ResultSource {
  return {
    async connect() {
      const { results, cloud } = await app.connection();
      return { reader: results, clock: cloud.clock };
    },
    taskNamed: (name) => app.definitions.get(name),
  };
}
