import type { Chance } from '../ports/chance.ts';
import type { Clock } from '../ports/clock.ts';
import type { DynamoDbOperations } from './dynamodb-operations.ts';
import type { JsonCalls } from './http/json-calls.ts';

/** What requests to the table need. */
export interface TableParts {
  readonly tableName: string;
  readonly dynamoDb: () => JsonCalls<DynamoDbOperations>;
  readonly clock: Clock;
  readonly chance: Chance;
}
