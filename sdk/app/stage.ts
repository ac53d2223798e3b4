import { ConfigurationError } from '../errors/tallo-error.ts';

/** The name of one of several deployments of an app in the same account and region; null: its only one. */
export type Stage = string | null;

/** One deployment of an app. */
export interface Deployment {
  /** The app's name, as its code says. */
  readonly app: string;
  readonly stage: Stage;
  /** What the names of everything in the cloud begin with. */
  readonly place: string;
}

/** The environment variable that tells a process which deployment it belongs to. */
export const stageVariable = 'TALLO_STAGE';

const stagePattern = /^[A-Za-z0-9_-]{1,20}$/;
/** So that the longest name that is made from it, that of a role with a region in it, has room. */
const longestPlace = 38;

/** @throws ConfigurationError if the stage has other characters than a name in the cloud may have, or is too long. */
export function deploymentOf(app: string, stage: Stage): Deployment {
  if (stage === null) return { app, stage, place: app };
  if (!stagePattern.test(stage)) {
    throw new ConfigurationError(
      `App '${app}': expected the stage (${stageVariable}) to be 1 to 20 letters, digits, '-' or '_', got '${stage}'.`,
    );
  }
  const place = `${app}-${stage}`;
  if (place.length <= longestPlace) return { app, stage, place };
  throw new ConfigurationError(
    `App '${app}': expected its name and its stage to have at most ${longestPlace - 1} characters together, got ${place.length - 1} with '${stage}'.`,
  );
}

/** The stage that the environment names. An empty one is none. */
export function stageOfEnvironment(): Stage {
  // A back end may be bundled for where there is no process.
  return globalThis.process?.env[stageVariable] || null;
}
