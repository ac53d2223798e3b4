import { ConfigurationError } from '../../sdk/errors/index.ts';

/** What `cdk.json` and `-c name=value` say. */
export interface Context {
  /** The file that exports the app. */
  readonly entry: string;
  /** Packages with native code, which are installed instead of bundled. */
  readonly nodeModules: readonly string[];
  readonly stage?: string;
  readonly region?: string;
  readonly standbyRegion?: string;
  /** In which of the two regions beat's schedules fire. */
  readonly beatRegion?: string;
  readonly removal?: 'destroy' | 'retain';
}

const regionPattern = /^[a-z]{2,4}(-[a-z]+)+-\d$/;

/** @throws ConfigurationError (CONFIGURATION) that names the value, what was expected and what came. */
export function readContext(find: (name: string) => unknown): Context {
  const text = (name: string) => textOf(name, find(name));
  const region = (name: string) => regionOf(name, text(name));
  const entry = text('entry');
  if (entry === undefined) {
    throw new ConfigurationError(
      "Expected the context to name the app's file, such as -c entry=src/tasks.ts, got none.",
    );
  }
  const regions = {
    region: region('region'),
    standbyRegion: region('standbyRegion'),
    beatRegion: region('beatRegion'),
  };
  checkRegions(regions);
  return {
    entry,
    nodeModules: listOf('nodeModules', find('nodeModules')),
    ...given({ ...regions, stage: text('stage'), removal: removalOf(text('removal')) }),
  };
}

/** Beat must fire in exactly one region of the deployment. */
function checkRegions({ region, standbyRegion, beatRegion }: Record<string, string | undefined>): void {
  if (standbyRegion !== undefined && (region === undefined || region === standbyRegion)) {
    throw new ConfigurationError(
      `Expected standbyRegion with another region beside it, such as -c region=us-east-1 -c standbyRegion=us-west-2, got region ${region ?? 'none'} and standbyRegion ${standbyRegion}.`,
    );
  }
  if (beatRegion === undefined || beatRegion === region || beatRegion === standbyRegion) return;
  throw new ConfigurationError(
    `Expected beatRegion to be the region or the standbyRegion, one of ${[region, standbyRegion].filter(Boolean).join(', ')}, got ${beatRegion}.`,
  );
}

function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new ConfigurationError(`Expected the context's ${name} to be a text, got ${JSON.stringify(value)}.`);
}

function listOf(name: string, value: unknown = []): readonly string[] {
  // -c gives texts only.
  const list = typeof value === 'string' ? value.split(',').filter(Boolean) : value;
  if (Array.isArray(list) && list.every((item) => typeof item === 'string')) return list;
  throw new ConfigurationError(
    `Expected the context's ${name} to be a list of names, got ${JSON.stringify(value)}.`,
  );
}

function regionOf(name: string, region: string | undefined): string | undefined {
  if (region === undefined || regionPattern.test(region)) return region;
  throw new ConfigurationError(
    `Expected the context's ${name} to be the name of a region such as us-east-1, got '${region}'.`,
  );
}

function removalOf(removal: string | undefined): Context['removal'] {
  if (removal === undefined || removal === 'destroy' || removal === 'retain') return removal;
  throw new ConfigurationError(`Expected the context's removal to be destroy or retain, got '${removal}'.`);
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what was left out. */
function given<T extends object>(values: T): Given<T> {
  // What is left has no undefined values.
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}
