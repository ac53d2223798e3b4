import { createRevokedOutbox, type RevokedOutbox } from '../control/revoked-outbox.ts';
import { ConfigurationError } from '../errors/tallo-error.ts';
import { createJoinOutbox, type JoinOutbox } from '../outbox/join-outbox.ts';
import { createSendOutbox, type SendOutbox } from '../outbox/send-outbox.ts';
import { createWriteOutbox, type WriteOutbox } from '../outbox/write-outbox.ts';
import type { Cloud } from '../ports/cloud.ts';
import type { Payloads } from '../ports/payloads.ts';
import { createResultReader, type ResultReader } from '../result/result-reader.ts';
import type { Settings } from './settings.ts';

/** A cloud and what groups requests to it. */
export interface Connection {
  readonly cloud: Cloud;
  readonly sends: SendOutbox;
  readonly writes: WriteOutbox;
  readonly joins: JoinOutbox;
  readonly revoked: RevokedOutbox;
  readonly results: ResultReader;
  /** The bucket of calls that are too large for SQS; undefined: the app has none. */
  readonly payloads: Payloads | undefined;
}

export function connect(cloud: Cloud, { topology }: Pick<Settings, 'topology'>): Connection {
  return {
    cloud,
    sends: createSendOutbox(cloud),
    writes: createWriteOutbox(cloud),
    joins: createJoinOutbox(cloud),
    revoked: createRevokedOutbox(cloud),
    results: createResultReader(cloud),
    payloads: topology.payloads ? cloud.payloads : undefined,
  };
}

/** What calls get that come after the app's end. */
export function closedError(name: string): ConfigurationError {
  return new ConfigurationError(
    `App '${name}' was closed, or its cloud was stopped. Connect it again with app.connect(cloud).`,
  );
}
