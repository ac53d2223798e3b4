import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Attribute, Change, Condition } from '../ports/table.ts';
import { toAttributeValue } from './attribute-value.ts';

/** An expression's names and values. Names are always written as `#...`, since hundreds of plain words are reserved. */
interface Terms {
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html */
export function conditionExpression(condition: Condition): Terms & { readonly ConditionExpression?: string } {
  if ('absent' in condition) {
    return { ConditionExpression: 'attribute_not_exists(#id)', ExpressionAttributeNames: { '#id': 'id' } };
  }
  const { attribute, isOneOf } = condition.unless;
  if (isOneOf.length === 0) return {};
  const values = isOneOf.map((value, index) => [`:value${index}`, toAttributeValue(value)] as const);
  const placeholders = values.map(([placeholder]) => placeholder).join(', ');
  return {
    ConditionExpression: `attribute_not_exists(#attribute) OR NOT (#attribute IN (${placeholders}))`,
    ExpressionAttributeNames: { '#attribute': attribute },
    ExpressionAttributeValues: Object.fromEntries(values),
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
