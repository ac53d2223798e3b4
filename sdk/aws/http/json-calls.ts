import { readJson } from './read-json.ts';
import { type SignedRequestsOptions, signedRequests } from './signed-requests.ts';

/** What an operation takes and gives. */
export interface Operation<Input extends object, Output extends object> {
  readonly input: Input;
  readonly output: Output;
}

/** A service by its operations' names. */
export type Operations<Names extends string> = Readonly<Record<Names, Operation<object, object>>>;

/** The operations of a service that takes and gives JSON. */
export interface JsonCalls<Service extends Operations<keyof Service & string>> {
  /** @throws AwsError, TransportError, ConfigurationError or the signal's reason, as `SignedRequests.send` does. */
  call<Name extends keyof Service & string>(
    name: Name,
    input: Service[Name]['input'],
    signal?: AbortSignal,
  ): Promise<Service[Name]['output']>;
  close(): Promise<void>;
}

export interface JsonCallsOptions extends Omit<SignedRequestsOptions, 'service'> {
  readonly service: keyof typeof targets;
}

/** As their operations are named in full. */
const targets = { sqs: 'AmazonSQS', dynamodb: 'DynamoDB_20120810' } as const;

/** @see https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export function jsonCalls<Service extends Operations<keyof Service & string>>(
  options: JsonCallsOptions,
): JsonCalls<Service> {
  const { service } = options;
  const requests = signedRequests(options);
  return {
    call: <Name extends keyof Service & string>(
      name: Name,
      input: Service[Name]['input'],
      signal?: AbortSignal,
    ) => {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `${targets[service]}.${name}`,
      };
      const request = { method: 'POST', path: '/', headers, body: JSON.stringify(input) } as const;
      return requests.send(
        { ...request, name: `${service}.${name}`, signal },
        readJson<Service[Name]['output']>,
      );
    },
    close: () => requests.close(),
  };
}
