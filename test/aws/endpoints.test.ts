import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { serviceEndpoint } from '../../sdk/aws/endpoint/service-endpoint.ts';
import { QueueAddresses } from '../../sdk/aws/queue-addresses.ts';
import { queuesPlace } from '../../sdk/aws/queues-place.ts';
import { ConfigurationError } from '../../sdk/errors/index.ts';

const clients = {
  sqs: new SQSClient({ region: 'us-east-1' }),
  dynamodb: new DynamoDBClient({ region: 'us-east-1' }),
  scheduler: new SchedulerClient({ region: 'us-east-1' }),
};
const regions = [
  'us-east-1',
  'eu-central-2',
  'cn-northwest-1',
  'us-gov-west-1',
  'us-gov-east-1',
  'eusc-de-east-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'eu-isoe-west-1',
  'us-isof-south-1',
];

describe.for(['sqs', 'dynamodb', 'scheduler'] as const)('%s', (service) => {
  const cases = regions.flatMap((region) =>
    [false, true].flatMap((UseFIPS) =>
      [false, true].map((UseDualStack) => ({ region, UseFIPS, UseDualStack })),
    ),
  );

  test.for(cases)(
    'is where the AWS SDK finds it: $region, FIPS $UseFIPS, dual stack $UseDualStack',
    (given) => {
      const { region, UseFIPS, UseDualStack } = given;
      const environment = {
        AWS_USE_FIPS_ENDPOINT: String(UseFIPS),
        AWS_USE_DUALSTACK_ENDPOINT: String(UseDualStack),
      };

      const { url } = clients[service].config.endpointProvider({ Region: region, UseFIPS, UseDualStack });

      expect(`${serviceEndpoint(service, region, environment)}/`).toBe(url.href);
    },
  );
});

test.for([
  ['us-east-1', {}, 'https://s3.us-east-1.amazonaws.com'],
  ['cn-north-1', {}, 'https://s3.cn-north-1.amazonaws.com.cn'],
  ['us-east-1', { AWS_USE_FIPS_ENDPOINT: 'TRUE' }, 'https://s3-fips.us-east-1.amazonaws.com'],
  ['us-west-2', { AWS_USE_DUALSTACK_ENDPOINT: 'true' }, 'https://s3.dualstack.us-west-2.amazonaws.com'],
  [
    'us-gov-west-1',
    { AWS_USE_DUALSTACK_ENDPOINT: 'true', AWS_USE_FIPS_ENDPOINT: 'true' },
    'https://s3-fips.dualstack.us-gov-west-1.amazonaws.com',
  ],
] as const)('S3 in %s with %o is at %s', ([region, environment, url]) => {
  expect(serviceEndpoint('s3', region, environment)).toBe(url);
});

test.for(['', 'us east', 'evil.example.com/', 'x@example.com', 'us-east-1#'])(
  'takes no such region: %s',
  (region) => {
    expect(() => serviceEndpoint('sqs', region, {})).toThrow(ConfigurationError);
  },
);

test('takes no such switch', () => {
  expect(() => serviceEndpoint('sqs', 'us-east-1', { AWS_USE_FIPS_ENDPOINT: 'yes' })).toThrow(
    "Expected AWS_USE_FIPS_ENDPOINT to be true or false, got 'yes'.",
  );
});

describe('TALLO_QUEUE_URLS', () => {
  const TALLO_QUEUE_URLS = 'https://sqs.us-east-1.amazonaws.com/123456789012';

  test.for([
    [TALLO_QUEUE_URLS, 'arn:aws:sqs:us-east-1:123456789012:'],
    [`${TALLO_QUEUE_URLS}/`, 'arn:aws:sqs:us-east-1:123456789012:'],
    ['https://sqs.cn-north-1.amazonaws.com.cn/123456789012', 'arn:aws-cn:sqs:cn-north-1:123456789012:'],
    ['https://sqs-fips.us-west-2.amazonaws.com/123456789012', 'arn:aws:sqs:us-west-2:123456789012:'],
    ['https://sqs.us-gov-west-1.api.aws/123456789012', 'arn:aws-us-gov:sqs:us-gov-west-1:123456789012:'],
  ] as const)('%s', ([given, arnPrefix]) => {
    const urlPrefix = `${given.replace(/\/$/, '')}/`;

    expect(queuesPlace({}, { TALLO_QUEUE_URLS: given })).toEqual({ urlPrefix, arnPrefix });
  });

  test('counts only where SQS is AWS’s own', () => {
    const local = 'http://127.0.0.1:4566';

    expect(queuesPlace({ endpoint: local }, { TALLO_QUEUE_URLS })).toBeUndefined();
    expect(queuesPlace({}, { TALLO_QUEUE_URLS, AWS_ENDPOINT_URL: local })).toBeUndefined();
    expect(queuesPlace({}, { TALLO_QUEUE_URLS, AWS_ENDPOINT_URL_SQS: local })).toBeUndefined();
    expect(queuesPlace({}, { TALLO_QUEUE_URLS, AWS_ENDPOINT_URL_DYNAMODB: local })).toBeDefined();
    expect(queuesPlace({}, {})).toBeUndefined();
  });

  test.for(['123456789012', 'http://sqs.us-east-1.amazonaws.com/123456789012', `${TALLO_QUEUE_URLS}/queue`])(
    'takes no %s',
    (given) => {
      expect(() => queuesPlace({}, { TALLO_QUEUE_URLS: given })).toThrow(ConfigurationError);
    },
  );

  test('saves every request for an address', async () => {
    const sqs = () => expect.fail('SQS is asked');
    const addresses = new QueueAddresses({ sqs, place: () => queuesPlace({}, { TALLO_QUEUE_URLS }) });

    expect(await addresses.at('app-default', async (url) => url)).toBe(`${TALLO_QUEUE_URLS}/app-default`);
    expect(await addresses.arn('app-default')).toBe('arn:aws:sqs:us-east-1:123456789012:app-default');
  });
});
