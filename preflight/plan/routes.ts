import { type RoutePart, routeParts } from '../../sdk/app/route-parts.ts';
import { compileRoutes, type Route, type Routes } from '../../sdk/app/routes.ts';
import type { Tallo } from '../../sdk/index.ts';
import type { PlannedRoute, PlannedTask } from './plan.ts';

/** Where the calls of a task go, and who says so. */
export type Destination = Pick<PlannedTask, 'queue' | 'queueBy'> & {
  /** Of the route by a pattern that says so. */
  readonly pattern?: RoutePart;
};

/** Finds the destination of a task by its name. */
export type FindDestination = (task: string) => Destination;

/** As the app itself finds a call's queue, for calls whose arguments nobody knows yet. */
export function destinations({ settings, definitions }: Tallo): FindDestination {
  const parts = routeParts(settings.routes).map((part) => ({ part, ask: asking(part) }));
  return (task) => {
    const own = definitions.get(task)?.queue;
    if (own !== undefined) return { queue: own, queueBy: 'task' };
    for (const { part, ask } of parts) {
      const answer = ask(task);
      if (answer === undefined) continue;
      if ('router' in part) return { queue: answer, queueBy: 'function' };
      return { queue: answer, queueBy: 'route', pattern: part };
    }
    return { queue: settings.defaultQueue, queueBy: 'default' };
  };
}

/** Undefined: the next part decides; null: a function would, by the arguments. */
function asking(part: RoutePart): (task: string) => string | null | undefined {
  if ('router' in part) {
    return (task) => {
      try {
        const answer = part.router(task, []);
        return answer === undefined ? undefined : nameIn(answer);
      } catch {
        return null;
      }
    };
  }
  const matches = compileRoutes({ [part.pattern]: 'this' });
  return (task) => (matches(task, []) === undefined ? undefined : nameIn(part.target));
}

/** The name in a route, whatever plain JavaScript may have put there. */
function nameIn(route: string | Route): string {
  const name = typeof route === 'string' ? route : route?.queue;
  return typeof name === 'string' ? name : String(JSON.stringify(route));
}

/** The routes by patterns, and how many tasks go by each. */
export function plannedRoutes(
  routes: Routes,
  found: readonly Destination[],
): { readonly routes: readonly PlannedRoute[]; readonly routers: number } {
  const parts = routeParts(routes);
  const patterns = parts.flatMap((part) => ('pattern' in part ? [part] : []));
  return {
    routes: patterns.map(({ pattern, target }) => ({
      pattern,
      queue: nameIn(target),
      tasks: found.filter(
        ({ pattern: by }) => by && 'pattern' in by && by.pattern === pattern && by.target === target,
      ).length,
    })),
    routers: parts.length - patterns.length,
  };
}
