import { AwsError, isObject, parseObject } from './json-protocol.ts';

/** A table's time to live. */
export interface TimeToLive {
  /** The answer to one of the two actions on it; none if dynalite has to answer. */
  answerTo(action: string, body: Buffer): object | undefined;
}

/**
 * Stands in for what dynalite lacks: it remembers the setting and says so. Nothing is ever deleted, which is within what
 * DynamoDB promises ("within a few days"): readers have to check the time themselves, there as here.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
export function createTimeToLive(): TimeToLive {
  /** The attribute of each table that has one, by the table's name. */
  const attributes = new Map<unknown, string>();

  function describe({ TableName }: Readonly<Record<string, unknown>>): object | undefined {
    const AttributeName = attributes.get(TableName);
    if (AttributeName === undefined) return undefined;
    return { TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName } };
  }

  function update({ TableName, TimeToLiveSpecification }: Readonly<Record<string, unknown>>): object {
    const { AttributeName, Enabled } = isObject(TimeToLiveSpecification) ? TimeToLiveSpecification : {};
    if (typeof AttributeName !== 'string') {
      throw new AwsError(400, 'ValidationException', 'Expected TimeToLiveSpecification.AttributeName.');
    }
    if (Enabled === true) attributes.set(TableName, AttributeName);
    else attributes.delete(TableName);
    return { TimeToLiveSpecification: { AttributeName, Enabled } };
  }

  return {
    answerTo(action, body) {
      if (action === 'UpdateTimeToLive') return update(parseObject(body));
      return action === 'DescribeTimeToLive' ? describe(parseObject(body)) : undefined;
    },
  };
}
