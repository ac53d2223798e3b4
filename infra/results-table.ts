import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type ITableV2,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { Shared } from './shared.ts';
import type { TableSettings } from './task-runner-props.ts';

/** The table's key, and the attribute by which DynamoDB forgets. */
const key = { name: 'id', type: AttributeType.STRING };

/**
 * The table of results, joins and limits. It is made as a global table, also in one region: so a second region is a change of one line, and
 * never a new table.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html
 */
export function resultsTable(
  scope: Construct,
  tableName: string,
  { shared, settings }: { readonly shared: Shared; readonly settings: TableSettings },
): ITableV2 | TableV2 {
  if (settings.existing) return settings.existing;
  const {
    replicaRegions = [],
    replicaKeyArns = {},
    listingIndex = false,
    pointInTimeRecovery = true,
  } = settings;
  const { encryptionKey } = shared;
  const isKept = shared.removalPolicy !== RemovalPolicy.DESTROY;
  return new TableV2(scope, 'Table', {
    tableName,
    partitionKey: key,
    timeToLiveAttribute: 'ttl',
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
    deletionProtection: isKept,
    // What is protected cannot be deleted by CloudFormation either: a first deployment that fails would hang there.
    removalPolicy: isKept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    replicas: replicaRegions.map((region) => ({ region })),
    ...(encryptionKey && { encryption: TableEncryptionV2.customerManagedKey(encryptionKey, replicaKeyArns) }),
    ...(listingIndex && { globalSecondaryIndexes: [byTask] }),
  });
}

/** Only rows of calls have a task, so that the index holds nothing else. */
const byTask = {
  indexName: 'by-task',
  partitionKey: { name: 'task', type: AttributeType.STRING },
  sortKey: { name: 'timestamp', type: AttributeType.NUMBER },
  projectionType: ProjectionType.INCLUDE,
  nonKeyAttributes: ['state', 'queue'],
};
