import { ConfigurationError } from '../errors/tallo-error.ts';

/** Where a call goes. */
export interface Route {
  readonly queue: string;
}

/** Decides by a function: the queue, or undefined to let the next route decide. */
export type Router = (task: string, args: readonly unknown[]) => string | Route | undefined;

/**
 * Which task goes to which queue: an object of patterns (`*` stands for any text; the first that fits wins), a function,
 * or a list of both, asked in order.
 *
 * Mirrors {@link https://docs.celeryq.dev/en/stable/userguide/routing.html#automatic-routing task_routes}.
 */
export type Routes = Readonly<Record<string, string | Route>> | Router | readonly Routes[];

/** Makes one router of all routes. */
export function compileRoutes(routes: Routes | undefined): Router {
  if (routes === undefined) return () => undefined;
  if (typeof routes === 'function') return routes;
  if (Array.isArray(routes)) {
    const routers = routes.map(compileRoutes);
    return (task, args) => {
      for (const router of routers) {
        const route = router(task, args);
        if (route !== undefined) return route;
      }
      return undefined;
    };
  }
  const patterns = Object.entries(routes).map(([glob, target]) => ({ pattern: globToPattern(glob), target }));
  return (task) => patterns.find(({ pattern }) => pattern.test(task))?.target;
}

/** The name of the queue in a router's answer. */
export function queueOf(route: string | Route | undefined): string | undefined {
  if (route === undefined || typeof route === 'string') return route;
  if (typeof route?.queue === 'string') return route.queue;
  throw new ConfigurationError(
    `Expected a route to be a queue's name or { queue }, got ${JSON.stringify(route)}.`,
  );
}

function globToPattern(glob: string): RegExp {
  const literal = glob.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}$`, 's');
}
