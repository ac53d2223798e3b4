import { type IGrantable, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { acknowledge } from '../acknowledge.ts';
import { usingKey } from '../encryption-key.ts';
import type { TaskQueue } from '../queues/task-queue.ts';
import { burying, fetching, type Resources, reading, scheduling, sending } from './statements.ts';
import { wildcardFinding } from './wildcard-finding.ts';

/** What a deployment lets others do with it. */
export class Permissions {
  readonly #resources: Resources;
  readonly #encryptionKey: IKey | undefined;

  constructor(resources: Resources, encryptionKey: IKey | undefined) {
    this.#resources = resources;
    this.#encryptionKey = encryptionKey;
  }

  toSend(grantee: IGrantable): void {
    this.#grant(grantee, sending(this.#resources));
  }

  toRead(grantee: IGrantable): void {
    this.#grant(grantee, reading(this.#resources));
  }

  toSchedule(grantee: IGrantable): void {
    this.#grant(grantee, scheduling(this.#resources));
  }

  /** To put messages of a queue with its dead letters. */
  toBury(grantee: IGrantable, { deadLetterQueue }: TaskQueue): void {
    this.#grant(grantee, burying(deadLetterQueue.queueArn));
  }

  /** What every worker may do: its tasks call others and read their results. */
  toWork(role: Role): void {
    this.toSend(role);
    this.toRead(role);
    this.#grant(role, fetching(this.#resources));
    acknowledge(role, { [wildcardFinding(role, this.#resources.schedules)]: unknownIds });
    for (const objects of this.#resources.payloads?.objects ?? []) {
      acknowledge(role, { [wildcardFinding(role, objects)]: unknownPayloads });
    }
  }

  #grant({ grantPrincipal }: IGrantable, statements: readonly PolicyStatement[]): void {
    const ofKey = this.#encryptionKey && keyStatement(this.#encryptionKey);
    for (const statement of ofKey ? [...statements, ofKey] : statements) {
      grantPrincipal.addToPrincipalPolicy(statement);
    }
  }
}

export function keyStatement({ keyArn }: IKey): PolicyStatement {
  return new PolicyStatement({ actions: [...usingKey], resources: [keyArn] });
}

const unknownIds =
  "A far call rings by a schedule that is named after the call's id, which nobody knows before. Only schedules of this app's own group are meant.";

const unknownPayloads =
  "The key of a payload has the call's id in it, which nobody knows before. Only payloads are meant, in this app's bucket.";
