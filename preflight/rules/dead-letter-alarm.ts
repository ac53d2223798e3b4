import type { Rule } from '../rule.ts';

/** A dead letter is a task that somebody was promised. */
export const deadLetterAlarm: Rule = {
  name: 'dead-letter-alarm',
  asks: 'Is somebody told when a message is buried?',
  levels: ['warning'],
  see: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/dead-letter-queues-alarms-cloudwatch.html',
  check: ({ queues }) =>
    queues
      .filter(({ deadLetters }) => deadLetters && !deadLetters.hasAlarm)
      .map(({ name }) => ({
        level: 'warning',
        subject: name,
        where: `the dead-letter queue of queue '${name}'`,
        found: 'no alarm on it',
        wanted: 'an alarm when it is not empty: after 14 days the tasks in it are deleted',
        advice:
          'Let the construct make its alarms, or alarm on ApproximateNumberOfMessagesVisible of that queue.',
      })),
};
