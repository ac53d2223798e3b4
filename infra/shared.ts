import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { checkedFile } from './functions/bundling.ts';
import type { FunctionSettings, TaskRunnerProps } from './task-runner-props.ts';

/**
 * Nothing is deleted with a stack. What a deployment made that failed is, since nobody has used it, and names that are taken would stop the
 * next try.
 */
export const usualRemovalPolicy = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** What all parts of a deployment share, with every default filled in. */
export interface Shared {
  /** The file that exports the app. */
  readonly appFile: string;
  readonly removalPolicy: RemovalPolicy;
  readonly logRetention: RetentionDays;
  /** Undefined: keys that AWS owns. */
  readonly encryptionKey: IKey | undefined;
  readonly functions: FunctionSettings;
}

/** @throws ConfigurationError if the app's file is not there */
export function sharedBy(props: TaskRunnerProps, encryptionKey: IKey | undefined): Shared {
  const {
    entry,
    functions = {},
    removalPolicy = usualRemovalPolicy,
    logRetention = RetentionDays.ONE_MONTH,
  } = props;
  return { appFile: checkedFile('entry', entry), removalPolicy, logRetention, encryptionKey, functions };
}
