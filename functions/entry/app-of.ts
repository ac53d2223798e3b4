import { appBrand, type Tallo } from '../../sdk/app/tallo.ts';
import { ConfigurationError } from '../../sdk/errors/index.ts';

/** How a module is spoken of, and what is thrown when its exports are not as they must be. */
export interface ModuleWords {
  /** @default 'the module' */
  readonly what?: string;
  /** @default a ConfigurationError */
  readonly refuse?: (message: string) => Error;
}

/**
 * The app that a module exports: as `app`, or as the only app under any name.
 *
 * @throws what `refuse` makes if there is none, or several.
 */
export function appOf(
  exported: Readonly<Record<string, unknown>>,
  { what = 'the module', refuse = (message) => new ConfigurationError(message) }: ModuleWords = {},
): Tallo {
  if (isApp(exported.app)) return exported.app;
  const [app, ...others] = new Set(Object.values(exported).filter(isApp));
  if (app !== undefined && others.length === 0) return app;
  const names = Object.keys(exported);
  if (app === undefined) {
    throw refuse(
      `Expected ${what} to export an app (a 'new Tallo(...)'), ${names.length === 0 ? 'it exports nothing' : `its exports are: ${names.join(', ')}`}.`,
    );
  }
  throw refuse(
    `Expected ${what} to export one app, or one named 'app'; its apps are: ${names.filter((name) => isApp(exported[name])).join(', ')}.`,
  );
}

/** By its brand: the app may come from another copy of this package. */
function isApp(value: unknown): value is Tallo {
  return typeof value === 'object' && value !== null && appBrand in value;
}
