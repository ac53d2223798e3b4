import { type SourceInPlan, sourcesIn } from '../plan/parts.ts';
import type { Breach, Rule } from '../rule.ts';
import { time } from '../wording.ts';

/** Lambda receives a throttled batch again and again until the messages become visible. */
const sixTimes = 6;

/**
 * A message that becomes visible while its batch is still collected or run is delivered twice. Lambda refuses an event source whose function
 * may run longer than that, and recommends six times the function's timeout and the window on top.
 */
export const visibilityTimeout: Rule = {
  name: 'visibility-timeout',
  asks: "Is a message hidden for six times the function's timeout and the batch window, and at least for once?",
  levels: ['error', 'warning'],
  see: 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html',
  check: (plan) => sourcesIn(plan).flatMap(ofSource),
};

function ofSource({
  queue,
  lane,
  source,
  function: { timeoutSeconds },
  where,
}: SourceInPlan): readonly Breach[] {
  const { visibilitySeconds } = lane;
  const least = timeoutSeconds + source.batchWindowSeconds;
  const recommended = sixTimes * timeoutSeconds + source.batchWindowSeconds;
  if (visibilitySeconds >= recommended) return [];
  const isError = visibilitySeconds < least;
  const and =
    source.batchWindowSeconds === 0 ? '' : ` and a batch window of ${time(source.batchWindowSeconds)}`;
  return [
    {
      level: isError ? 'error' : 'warning',
      subject: queue.name,
      where,
      found: `a visibility timeout of ${time(visibilitySeconds)}, with a function's timeout of ${time(timeoutSeconds)}${and}`,
      wanted: isError
        ? `at least ${time(least)}: a message would be delivered again while it runs, and Lambda refuses a timeout above it`
        : `${time(recommended)}, six times the timeout${and && ' and the window'}: throttled batches have time to be tried again`,
      advice: `Leave visibilityTimeout out: the app derives ${time(recommended)}.`,
    },
  ];
}
