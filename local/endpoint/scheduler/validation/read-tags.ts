import { isObject } from '../../json-protocol.ts';
import { invalid } from '../scheduler-errors.ts';
import { requireText } from './field.ts';

const maxTags = 200;

/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Tag.html */
export function readTags(value: unknown): ReadonlyMap<string, string> {
  const tags: readonly unknown[] = Array.isArray(value) ? value : [];
  if (tags.length > maxTags) throw invalid(`A resource has at most ${maxTags} tags, got ${tags.length}.`);
  return new Map(
    tags.map((tag) => {
      const { Key, Value } = isObject(tag) ? tag : {};
      return [
        requireText({ at: 'tags.key', value: Key }, /^.{1,128}$/),
        requireText({ at: 'tags.value', value: Value }, /^.{1,256}$/),
      ] as const;
    }),
  );
}
