import { ConfigurationError } from '../../errors/index.ts';
import type { Environment } from '../credentials/credentials.ts';
import { partitionOf } from './partition.ts';

/** The services by the names that their hosts bear. */
export type ServiceName = 'sqs' | 'dynamodb' | 'scheduler' | 's3';

interface Variant {
  readonly fips: boolean;
  readonly dualStack: boolean;
}

/**
 * Where a service is on AWS itself, for example `https://sqs.us-east-1.amazonaws.com`.
 *
 * @throws ConfigurationError if the region is none, or a setting is neither true nor false.
 * @see https://docs.aws.amazon.com/general/latest/gr/rande.html
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html
 */
export function serviceEndpoint(
  service: ServiceName,
  region: string,
  environment: Environment = process.env,
): string {
  // It becomes part of a host's name: with a dot or a slash in it, signed requests would go to another's host.
  if (!/^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/i.test(region)) {
    throw new ConfigurationError(`Expected a region such as us-east-1, got '${region}'. Set AWS_REGION.`);
  }
  const fips = isOn('AWS_USE_FIPS_ENDPOINT', environment);
  const dualStack = isOn('AWS_USE_DUALSTACK_ENDPOINT', environment);
  return `https://${hostOf(service, region, { fips, dualStack })}`;
}

function hostOf(service: ServiceName, region: string, { fips, dualStack }: Variant): string {
  const { name, domain, dualStackDomain } = partitionOf(region);
  const label = fips && !isFipsAnyway(service, name) ? `${service}-fips` : service;
  if (!dualStack) return `${label}.${region}.${domain}`;
  // S3 had such addresses before the others had, and of another form.
  if (service === 's3') return `${fips ? 's3-fips' : 's3'}.dualstack.${region}.${domain}`;
  return `${fips ? `${service}-fips` : service}.${region}.${dualStackDomain}`;
}

/** GovCloud's usual addresses of these are FIPS ones. */
function isFipsAnyway(service: ServiceName, partition: string): boolean {
  return partition === 'aws-us-gov' && (service === 'sqs' || service === 'dynamodb');
}

function isOn(variable: string, environment: Environment): boolean {
  const given = environment[variable]?.toLowerCase() || 'false';
  if (given === 'true' || given === 'false') return given === 'true';
  throw new ConfigurationError(`Expected ${variable} to be true or false, got '${environment[variable]}'.`);
}
