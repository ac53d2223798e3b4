import { provision } from '../../local/provision.ts';
import { connectionTo, isLoopback } from '../../sdk/aws/connection.ts';
import type { Topology } from '../../sdk/index.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Creates what the app needs, but on this machine only: a cloud that others share gets it by a deployment, with roles and alarms.
 *
 * @throws UsageError (USAGE) if the endpoint is not on this machine.
 */
export async function provisionLoopback(topology: Topology): Promise<void> {
  const services = ['SQS', 'DYNAMODB', 'SCHEDULER', ...(topology.payloads ? (['S3'] as const) : [])] as const;
  const endpoints = services.map((service) => connectionTo(service, {}).endpoint);
  const elsewhere = endpoints.findIndex((endpoint) => endpoint === undefined || !isLoopback(endpoint));
  if (elsewhere !== -1) {
    throw new UsageError(
      `Expected --provision with an endpoint on this machine, got ${endpoints[elsewhere] ?? 'AWS itself (AWS_ENDPOINT_URL is not set)'}. Deploy the app there instead, or start 'tallo dev'.`,
    );
  }
  await provision(topology);
}
