// What a worker is measured against: the AWS SDK's clients, the commands that ours needs, and nothing else.
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueUrlCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

const table = new DynamoDBClient({});
const queues = new SQSClient({});

/** Never called: it keeps the bundler from leaving out what it names. */
export async function handler(event: never): Promise<void> {
  await table.send(new BatchGetItemCommand(event));
  await table.send(new BatchWriteItemCommand(event));
  await table.send(new DeleteItemCommand(event));
  await table.send(new PutItemCommand(event));
  await table.send(new UpdateItemCommand(event));
  await queues.send(new ChangeMessageVisibilityBatchCommand(event));
  await queues.send(new GetQueueUrlCommand(event));
  await queues.send(new SendMessageBatchCommand(event));
}
