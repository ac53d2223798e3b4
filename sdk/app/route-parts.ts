import type { Route, Router, Routes } from './routes.ts';

/** One pattern, or one function, among an app's routes. */
export type RoutePart =
  | { readonly pattern: string; readonly target: string | Route }
  | { readonly router: Router };

/** The routes one by one, in the order in which they are asked. */
export function routeParts(routes: Routes): readonly RoutePart[] {
  if (typeof routes === 'function') return [{ router: routes }];
  if (Array.isArray(routes)) return routes.flatMap(routeParts);
  return Object.entries(routes).map(([pattern, target]) => ({ pattern, target }));
}
