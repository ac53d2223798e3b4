import type { Context } from 'aws-lambda';
import type { Settings } from './options.ts';

/**
 * The context of one invocation, which starts now: its time counts down from the function's timeout.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export function lambdaContext(settings: Settings): Context {
  const { chance, clock, queue, region, account } = settings;
  const functionName = `${queue.queueName}-consumer`;
  const deadline = clock.now() + queue.timeoutSeconds * 1_000;
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${region}:${account}:function:${functionName}`,
    memoryLimitInMB: String(queue.memoryMiB),
    awsRequestId: chance.newId(),
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - clock.now()),
    done: refuse,
    fail: refuse,
    succeed: refuse,
  };
}

// Only the type still asks for them: Lambda's Node.js 24 has no callbacks any more.
function refuse(): never {
  throw new Error(
    'Expected the handler to answer with a promise; Lambda has no done, fail and succeed any more.',
  );
}
