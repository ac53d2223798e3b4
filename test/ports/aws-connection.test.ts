import { describe, expect, test } from 'vitest';
import { connectionTo, isLoopback } from '../../sdk/aws/connection.ts';
import { ConfigurationError } from '../../sdk/errors/index.ts';

const endpoint = 'http://127.0.0.1:4566';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

describe('isLoopback', () => {
  test.for([
    'http://127.0.0.1:4566',
    'http://127.8.9.10',
    'http://127.1',
    'https://localhost:1',
    'http://sqs.localhost',
    'http://[::1]:4566',
  ])('knows %s as this machine', (url) => {
    expect(isLoopback(url)).toBe(true);
  });

  test.for([
    'https://sqs.us-east-1.amazonaws.com',
    'http://127.0.0.1.example.com',
    'http://localhost.localstack.cloud:4566',
    'http://notlocalhost',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://[::2]',
    'http://127.0.0.1@example.com',
  ])('knows %s as another machine', (url) => {
    expect(isLoopback(url)).toBe(false);
  });
});

describe('connectionTo', () => {
  test('leaves everything to the SDK when nothing is given', () => {
    expect(connectionTo('SQS', {}, {})).toEqual({});
  });

  test('asks a loopback endpoint with harmless credentials in a harmless region', () => {
    expect(connectionTo('SQS', { endpoint }, {})).toEqual({ endpoint, region: 'us-east-1', credentials });
  });

  test('takes the endpoint of the service before that of all services', () => {
    const environment = {
      AWS_ENDPOINT_URL: 'http://localhost:1',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:2',
    };

    expect(connectionTo('DYNAMODB', {}, environment).endpoint).toBe('http://localhost:2');
    expect(connectionTo('SQS', {}, environment).endpoint).toBe('http://localhost:1');
    expect(connectionTo('SQS', { endpoint }, environment).endpoint).toBe(endpoint);
  });

  test('gives no credentials and no region to any other endpoint', () => {
    const environment = { AWS_ENDPOINT_URL: 'https://sqs.eu-west-1.amazonaws.com' };

    expect(connectionTo('SQS', {}, environment)).toEqual({ endpoint: environment.AWS_ENDPOINT_URL });
  });

  test('keeps what the options give', () => {
    const given = { endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };

    expect(connectionTo('SQS', given, {})).toEqual(given);
  });

  test.for(['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE'])(
    'leaves the credentials of %s to the SDK',
    (name) => {
      expect(connectionTo('SQS', { endpoint }, { [name]: 'given' })).not.toHaveProperty('credentials');
    },
  );

  test.for(['AWS_REGION', 'AWS_PROFILE'])('leaves the region of %s to the SDK', (name) => {
    expect(connectionTo('SQS', { endpoint }, { [name]: 'given' })).not.toHaveProperty('region');
  });

  test('meets Python in its region on a loopback endpoint', () => {
    expect(connectionTo('SQS', { endpoint }, { AWS_DEFAULT_REGION: 'eu-west-1' }).region).toBe('eu-west-1');
  });

  test('rejects an endpoint that is not a URL, and says where it came from', () => {
    expect(() => connectionTo('SQS', { endpoint: 'localhost:4566' }, {})).toThrow(ConfigurationError);
    expect(() => connectionTo('SQS', {}, { AWS_ENDPOINT_URL_SQS: '127.0.0.1' })).toThrow(
      /AWS_ENDPOINT_URL_SQS.*'127.0.0.1'/,
    );
  });
});
