import { type Endpoint, type EndpointOptions, startEndpoint } from '../../local/endpoint/start-endpoint.ts';
import { refuseTakenPort } from './refuse-taken-port.ts';

/**
 * Starts the local cloud.
 *
 * @throws UsageError (USAGE) if the port is taken; MissingDependencyError (MISSING_DEPENDENCY).
 */
export function openEndpoint({
  port,
  functions,
}: Pick<EndpointOptions, 'port' | 'functions'> & { readonly port: number }): Promise<Endpoint> {
  const by = "another 'tallo dev', or LocalStack";
  return refuseTakenPort(startEndpoint({ port, ...(functions && { functions }) }), {
    port,
    by,
    command: 'tallo dev',
  });
}
