import type { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { FunctionSettings } from './task-runner-props.ts';

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
