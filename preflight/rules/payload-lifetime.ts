import type { Rule } from '../rule.ts';
import { several } from '../wording.ts';

/** A message whose payload is gone is a failure and a dead letter that nobody can send back. */
export const payloadLifetime: Rule = {
  name: 'payload-lifetime',
  asks: 'Does the bucket keep large calls as long as their messages, and no longer?',
  levels: ['error', 'warning'],
  see: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html',
  check: ({ payloads }) =>
    payloads.flatMap(({ prefix, days, keptDays }) => {
      if (keptDays === days) return [];
      const isError = keptDays !== null && keptDays < days;
      return [
        {
          level: isError ? 'error' : 'warning',
          subject: prefix,
          where: `payloads below '${prefix}'`,
          found:
            keptDays === null
              ? 'a bucket that never deletes them'
              : `a bucket that deletes them after ${several(keptDays, 'day')}`,
          wanted: `after ${days} days: ${isError ? 'so long a call may be on the way, and it fails without its payload' : 'what is kept longer is paid for, and no message refers to it'}`,
          advice: "Take back what changed the bucket's lifecycle.",
        },
      ];
    }),
};
