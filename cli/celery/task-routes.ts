import { routeParts } from '../../sdk/app/route-parts.ts';
import { compileRoutes, queueOf } from '../../sdk/app/routes.ts';
import type { Tallo } from '../../sdk/index.ts';

/** What an app routes by patterns, and by how many functions besides. */
export interface TaskRoutes {
  /** As Celery's `task_routes`. */
  readonly routes: Readonly<Record<string, { readonly queue: string }>>;
  readonly functions: number;
}

/**
 * The app's routes in Celery's form. A task that names its own queue stands among them, since Python does not know the
 * task. Celery looks for the whole name before it tries patterns, the app for the first that fits: what a pattern before
 * it catches is left out.
 */
export function taskRoutes({ settings, definitions }: Tallo): TaskRoutes {
  const found = new Map<string, string>();
  for (const { name, queue } of definitions.values()) if (queue !== undefined) found.set(name, queue);
  const parts = routeParts(settings.routes);
  const patterns = parts.flatMap((part) => ('pattern' in part ? [[part.pattern, part.target] as const] : []));
  for (const [i, [glob, target]] of patterns.entries()) {
    const earlier = Object.fromEntries(patterns.slice(0, i));
    const isCaught = compileRoutes(earlier)(glob, []) !== undefined;
    if (!isCaught && !found.has(glob)) found.set(glob, queueOf(target) ?? settings.defaultQueue);
  }
  const routes = [...found].map(([glob, queue]) => [inPython(glob), { queue }] as const);
  return { routes: Object.fromEntries(routes), functions: parts.length - patterns.length };
}

/** In a key with a star, Celery takes `?` and `[` for patterns too. */
function inPython(glob: string): string {
  return glob.includes('*') ? glob.replace(/[?[]/g, '[$&]') : glob;
}
