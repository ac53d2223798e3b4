/** A part of AWS with accounts and names of its own. */
export interface Partition {
  /** As ARNs begin with it: `aws`, `aws-cn`. */
  readonly name: string;
  readonly domain: string;
  /** Of the addresses that IPv6 reaches too. */
  readonly dualStackDomain: string;
}

const standard: Partition = { name: 'aws', domain: 'amazonaws.com', dualStackDomain: 'api.aws' };

/** @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const others: readonly (readonly [prefix: string, partition: Partition])[] = [
  ['cn-', { name: 'aws-cn', domain: 'amazonaws.com.cn', dualStackDomain: 'api.amazonwebservices.com.cn' }],
  ['us-gov-', { ...standard, name: 'aws-us-gov' }],
  ['eusc-', { name: 'aws-eusc', domain: 'amazonaws.eu', dualStackDomain: 'api.amazonwebservices.eu' }],
  ['us-iso-', { name: 'aws-iso', domain: 'c2s.ic.gov', dualStackDomain: 'api.aws.ic.gov' }],
  ['us-isob-', { name: 'aws-iso-b', domain: 'sc2s.sgov.gov', dualStackDomain: 'api.aws.scloud' }],
  ['eu-isoe-', { name: 'aws-iso-e', domain: 'cloud.adc-e.uk', dualStackDomain: 'api.cloud-aws.adc-e.uk' }],
  ['us-isof-', { name: 'aws-iso-f', domain: 'csp.hci.ic.gov', dualStackDomain: 'api.aws.hci.ic.gov' }],
];

/** Whether a URL is an address of AWS: of a region, or a private one in a network of yours. */
export function isAwsAddress(url: string): boolean {
  const { hostname } = new URL(url);
  const domains = [standard, ...others.map(([, partition]) => partition)].flatMap(
    ({ domain, dualStackDomain }) => [domain, dualStackDomain],
  );
  return domains.some((domain) => hostname.endsWith(`.${domain}`));
}

/** The partition of a region. Regions that are yet to come are of the standard one. */
export function partitionOf(region: string): Partition {
  return others.find(([prefix]) => region.startsWith(prefix))?.[1] ?? standard;
}
