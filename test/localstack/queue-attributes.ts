import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { connectionTo } from '../../sdk/aws/connection.ts';

/** What SQS says of a queue. */
export async function queueAttributes(QueueName: string): Promise<Readonly<Record<string, string>>> {
  const sqs = new SQSClient({ ...connectionTo('SQS', {}), useQueueUrlAsEndpoint: false });
  try {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    return (await sqs.send(command)).Attributes ?? {};
  } finally {
    sqs.destroy();
  }
}
