import { type ConnectionOptions, connectionTo } from '../../sdk/aws/connection.ts';
import { UsageError } from '../usage-error.ts';

/** Where an app's queues and its table are, in words that another program understands. */
export interface Place {
  readonly region: string;
  /** What stands in front of a queue's name in its URL. */
  readonly queuesUrl: string;
  readonly sqs: ServicePlace;
  readonly dynamoDb: ServicePlace;
}

interface ServicePlace {
  /** Undefined: AWS itself. */
  readonly endpoint: string | undefined;
  /** `user:password`, where neither matters but Python wants both; otherwise empty: Python finds its own. */
  readonly login: string;
}

interface Where {
  readonly region?: string;
  readonly account?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The account of every emulator. */
const localAccount = '000000000000';

/**
 * Finds the place by the options and the environment, as the app itself finds it; nothing is asked of AWS.
 *
 * @throws UsageError (USAGE) for a region or an account that is unknown or cannot be one.
 */
export function findPlace(where: Where, environment: Environment = process.env): Place {
  const given = where.region === undefined ? {} : { region: where.region };
  const sqs = connectionTo('SQS', given, environment);
  const dynamoDb = connectionTo('DYNAMODB', given, environment);
  const region = checkRegion(
    where.region || environment.AWS_REGION || sqs.region || environment.AWS_DEFAULT_REGION,
  );
  const { endpoint } = sqs;
  const account = checkAccount(where.account ?? (endpoint ? localAccount : environment.AWS_ACCOUNT_ID));
  return {
    region,
    queuesUrl: `${endpoint ? withoutSlash(endpoint) : `https://sqs.${region}.${domainOf(region)}`}/${account}/`,
    sqs: placeOf(sqs),
    dynamoDb: placeOf(dynamoDb),
  };
}

function placeOf({ endpoint, credentials }: ConnectionOptions): ServicePlace {
  return {
    endpoint: endpoint && withoutSlash(endpoint),
    login: credentials ? `${credentials.accessKeyId}:${credentials.secretAccessKey}` : '',
  };
}

function checkRegion(region: string | undefined): string {
  if (region !== undefined && /^[a-z0-9-]+$/.test(region)) return region;
  const got = region === undefined ? 'none' : `'${region}'`;
  throw new UsageError(
    `Expected the region of the app's queues, got ${got}. Add --region <name>, such as us-east-1, or set AWS_REGION.`,
  );
}

function checkAccount(account: string | undefined): string {
  if (account !== undefined && /^\d{12}$/.test(account)) return account;
  const got = account === undefined ? 'none' : `'${account}'`;
  throw new UsageError(
    `Expected the AWS account of the app, 12 digits, got ${got}. Add --account <id>: 'aws sts get-caller-identity' shows it. For a local cloud set AWS_ENDPOINT_URL instead.`,
  );
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, '');
}
