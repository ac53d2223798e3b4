import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Chance } from '../ports/chance.ts';
import type { Clock } from '../ports/clock.ts';

/** What requests to the table need. */
export interface TableParts {
  readonly tableName: string;
  readonly client: () => DynamoDBClient;
  readonly clock: Clock;
  readonly chance: Chance;
}
