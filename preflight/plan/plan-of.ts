import { ConfigurationError, type Stage, type Tallo, type Topology } from '../../sdk/index.ts';
import { quotas } from '../quotas.ts';
import { plannedEntry } from './entries.ts';
import type { Plan } from './plan.ts';
import { plannedQueue } from './queues.ts';
import { destinations, plannedRoutes } from './routes.ts';
import { plannedTask } from './tasks.ts';

/** Which deployment of an app is planned, and where. */
export interface PlanOptions {
  /** @default the one that `TALLO_STAGE` names */
  readonly stage?: Stage;
  /** null: not known yet. @default null */
  readonly region?: string | null;
  /** @default 1,000 */
  readonly accountConcurrency?: number;
  /** @default 6 */
  readonly fargateVcpus?: number;
  /** That deployment's, if it is known already. @default the app's own */
  readonly topology?: Topology;
  /** When it is looked at. @default now */
  readonly now?: Date;
}

/**
 * The configuration that an app would be deployed with, where nobody changes anything by hand.
 *
 * @throws ConfigurationError for a quota or a stage that cannot be one
 */
export function planOf(app: Tallo, options: PlanOptions = {}): Plan {
  const { region = null, now = new Date(), stage } = options;
  const topology = options.topology ?? app.topology({ now, ...(stage !== undefined && { stage }) });
  const { settings, definitions, beatEntries } = app;
  const destinationOf = destinations(app);
  const tasks = [...definitions.values()].map((definition) => ({
    definition,
    destination: destinationOf(definition.name),
  }));
  return {
    app: topology.app,
    stage: topology.stage,
    region,
    accountConcurrency: quota('accountConcurrency', options, quotas.functions.accountConcurrency),
    fargateVcpus: quota('fargateVcpus', options, quotas.fargate.vcpus),
    defaultQueue: settings.defaultQueue,
    queues: topology.queues.map(plannedQueue),
    tasks: tasks.map(({ definition, destination }) => plannedTask(definition, destination)),
    ...plannedRoutes(
      settings.routes,
      tasks.map(({ destination }) => destination),
    ),
    entries: [...beatEntries.values()].map((entry) =>
      plannedEntry(entry, { destinationOf, now: now.getTime() }),
    ),
    table: { name: topology.tableName, ttlAttribute: 'ttl' },
    payloads: (topology.payloads?.lifetimes ?? []).map(({ prefix, days }) => ({
      prefix,
      days,
      keptDays: days,
    })),
  };
}

function quota(name: 'accountConcurrency' | 'fargateVcpus', options: PlanOptions, usual: number): number {
  const value = options[name] ?? usual;
  if (Number.isFinite(value) && value >= 0) return value;
  throw new ConfigurationError(`Expected ${name} to be a number from 0, got ${JSON.stringify(value)}.`);
}
