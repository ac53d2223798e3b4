import { functionsIn } from '../plan/parts.ts';
import type { Rule } from '../rule.ts';

/** A retry or a long chain is a function that sends to its own queue. Lambda takes that for a mistake, and stops it after 16 rounds. */
export const recursiveLoop: Rule = {
  name: 'recursive-loop',
  asks: 'May every function send to its own queue again and again?',
  levels: ['error'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html',
  check: (plan) =>
    functionsIn(plan)
      .filter((placed) => !placed.function.mayLoop)
      .map(({ queue, where }) => ({
        level: 'error',
        subject: queue.name,
        where,
        found: "Lambda's recursive loop detection, which ends loops",
        wanted: 'RecursiveLoop: Allow: after about 16 retries or steps of a chain Lambda drops the message',
        advice: "Take back what changed it. A task's own maxRetries is the limit.",
      })),
};
