import { connectionTo } from '../../sdk/aws/connection.ts';
import { findRegion } from '../../sdk/aws/credentials/find-region.ts';

/**
 * A worker waits for an endpoint that does not answer. That nobody has said where the cloud is, no patience heals.
 *
 * @throws RegionError if nothing says in which region the cloud is
 */
export async function needRegion(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  const { region } = connectionTo('SQS', {}, environment);
  if (region === undefined) await findRegion(environment);
}
