import type { Operation } from './http/json-calls.ts';

/** One of its fields is set. Numbers are texts, and bytes are base64. */
export interface AttributeValue {
  readonly S?: string;
  readonly N?: string;
  readonly BOOL?: boolean;
  readonly B?: string;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
}

export type Attributes = Readonly<Record<string, AttributeValue>>;

/**
 * What we ask of DynamoDB.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
 */
export interface DynamoDbOperations {
  BatchGetItem: Operation<{ readonly RequestItems: Readonly<Record<string, KeysToRead>> }, BatchRead>;
  BatchWriteItem: Operation<
    { readonly RequestItems: WriteRequests },
    { readonly UnprocessedItems?: WriteRequests }
  >;
  PutItem: Operation<{ readonly TableName: string; readonly Item: Attributes } & Expressions, object>;
  UpdateItem: Operation<Update, { readonly Attributes?: Attributes }>;
  DeleteItem: Operation<{ readonly TableName: string; readonly Key: Attributes }, object>;
}

interface KeysToRead {
  readonly Keys: readonly Attributes[];
  readonly ConsistentRead?: boolean;
}

interface BatchRead {
  readonly Responses?: Readonly<Record<string, readonly Attributes[]>>;
  readonly UnprocessedKeys?: Readonly<Record<string, KeysToRead>>;
}

type WriteRequests = Readonly<
  Record<string, readonly { readonly PutRequest?: { readonly Item: Attributes } }[]>
>;

interface Expressions {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Attributes;
}

interface Update extends Expressions {
  readonly TableName: string;
  readonly Key: Attributes;
  readonly UpdateExpression?: string;
  readonly ReturnValues: 'ALL_NEW';
}
