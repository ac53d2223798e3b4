import type { Attribute, Change, Condition, Obstacle, Requirement } from '../ports/table.ts';
import { toAttributeValue } from './attribute-value.ts';
import type { AttributeValue } from './dynamodb-operations.ts';

/** An expression's names and values. Names are always written as `#...`, since hundreds of plain words are reserved. */
interface Terms {
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

interface ConditionTerms extends Terms {
  readonly ConditionExpression?: string;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html */
export function conditionExpression(condition: Condition): ConditionTerms {
  if ('absent' in condition) {
    return { ConditionExpression: 'attribute_not_exists(#id)', ExpressionAttributeNames: { '#id': 'id' } };
  }
  if ('only' in condition) return onlyIf(condition.only);
  const { unless } = condition;
  if ('isOneOf' in unless) return unlessOneOf(unless);
  const names = { '#attribute': unless.attribute };
  if ('atLeast' in unless) {
    // Of a missing attribute, or one that is no number, no comparison holds.
    return {
      ConditionExpression: 'NOT (#attribute >= :least)',
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ':least': toAttributeValue(unless.atLeast) },
    };
  }
  if ('exists' in unless) {
    return { ConditionExpression: 'attribute_not_exists(#attribute)', ExpressionAttributeNames: names };
  }
  return {
    ConditionExpression: 'attribute_not_exists(#attribute) OR NOT contains(#attribute, :member)',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ':member': toAttributeValue(unless.contains) },
  };
}

function onlyIf(only: Requirement): ConditionTerms {
  const ExpressionAttributeNames = { '#attribute': only.attribute };
  if ('atLeast' in only) {
    return {
      ConditionExpression: '#attribute >= :least',
      ExpressionAttributeNames,
      ExpressionAttributeValues: { ':least': toAttributeValue(only.atLeast) },
    };
  }
  if (only.isOneOf.length === 0) {
    // DynamoDB knows no empty list: what never holds must be said otherwise.
    const never = 'attribute_exists(#attribute) AND attribute_not_exists(#attribute)';
    return { ConditionExpression: never, ExpressionAttributeNames };
  }
  const { placeholders, values } = list(only.isOneOf);
  return {
    ConditionExpression: `#attribute IN (${placeholders})`,
    ExpressionAttributeNames,
    ExpressionAttributeValues: values,
  };
}

function list(members: readonly (string | number)[]) {
  const values = members.map((value, index) => [`:value${index}`, toAttributeValue(value)] as const);
  return {
    placeholders: values.map(([placeholder]) => placeholder).join(', '),
    values: Object.fromEntries(values),
  };
}

function unlessOneOf({
  attribute,
  isOneOf,
  olderThan,
}: Extract<Obstacle, { isOneOf: unknown }>): ConditionTerms {
  if (isOneOf.length === 0) return {};
  const { placeholders, values } = list(isOneOf);
  const isOther = `attribute_not_exists(#attribute) OR NOT (#attribute IN (${placeholders}))`;
  // A comparison with an attribute that is missing, or no number, does not hold.
  return {
    ConditionExpression: olderThan ? `${isOther} OR #age < :age` : isOther,
    ExpressionAttributeNames: { '#attribute': attribute, ...(olderThan && { '#age': olderThan.attribute }) },
    ExpressionAttributeValues: {
      ...values,
      ...(olderThan && { ':age': toAttributeValue(olderThan.value) }),
    },
  };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html */
export function updateExpression({
  set = {},
  add = {},
}: Change): Terms & { readonly UpdateExpression?: string } {
  const sets = terms('set', set);
  const adds = terms('add', add);
  const all = [...sets, ...adds];
  if (all.length === 0) return {};
  const clauses = [
    clause(
      'SET',
      sets.map(({ name, value }) => `${name} = ${value}`),
    ),
    clause(
      'ADD',
      adds.map(({ name, value }) => `${name} ${value}`),
    ),
  ];
  return {
    UpdateExpression: clauses.join(' ').trim(),
    ExpressionAttributeNames: Object.fromEntries(all.map(({ name, attribute }) => [name, attribute])),
    ExpressionAttributeValues: Object.fromEntries(all.map(({ value, operand }) => [value, operand])),
  };
}

/** An update and its condition, in one request: their names and values never clash. */
export function together<U extends Terms, C extends Terms>(update: U, condition: C): U & C {
  const names = { ...update.ExpressionAttributeNames, ...condition.ExpressionAttributeNames };
  const values = { ...update.ExpressionAttributeValues, ...condition.ExpressionAttributeValues };
  return {
    ...update,
    ...condition,
    // DynamoDB refuses empty ones.
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

function terms(prefix: string, operands: Readonly<Record<string, Attribute>>) {
  return Object.entries(operands).map(([attribute, operand], index) => ({
    attribute,
    name: `#${prefix}${index}`,
    value: `:${prefix}${index}`,
    operand: toAttributeValue(operand),
  }));
}

function clause(verb: string, actions: readonly string[]): string {
  return actions.length === 0 ? '' : `${verb} ${actions.join(', ')}`;
}
