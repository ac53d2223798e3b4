import type { Rule } from '../rule.ts';

/** What the engine writes for a while has the time of its end in this attribute. */
const attribute = 'ttl';

/** Results, claims and leases are never deleted by the engine: without a time to live they are kept, and paid for, for ever. */
export const tableTtl: Rule = {
  name: 'table-ttl',
  asks: 'Does the table delete what has expired?',
  levels: ['warning'],
  see: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html',
  check: ({ table: { name, ttlAttribute } }) => {
    if (ttlAttribute === attribute) return [];
    return [
      {
        level: 'warning',
        subject: name,
        where: `table '${name}'`,
        found: ttlAttribute === null ? 'no time to live' : `a time to live by attribute '${ttlAttribute}'`,
        wanted: `one by attribute '${attribute}': otherwise results are kept, and paid for, for ever`,
        advice: 'Take back what changed it.',
      },
    ];
  },
};
