import type { IConstruct } from 'constructs';
import type { PlannedFunction } from '../../preflight/plan/plan.ts';
import { numberIn, numberOrNull, renderedIn } from './rendered.ts';

/** Lambda's own defaults. */
const usual = { timeoutSeconds: 3, memoryMiB: 128 };

/** A queue's function as it will be. */
export function actualFunction(planned: PlannedFunction, consumer: IConstruct | undefined): PlannedFunction {
  const [found] = consumer ? renderedIn(consumer, 'AWS::Lambda::Function') : [];
  if (!found) return planned;
  const { Timeout, MemorySize, ReservedConcurrentExecutions, RecursiveLoop } = found;
  return {
    timeoutSeconds: numberIn(Timeout, { unset: usual.timeoutSeconds, unknown: planned.timeoutSeconds }),
    memoryMiB: numberIn(MemorySize, { unset: usual.memoryMiB, unknown: planned.memoryMiB }),
    reservedConcurrency: numberOrNull(ReservedConcurrentExecutions, planned.reservedConcurrency),
    mayLoop: RecursiveLoop === 'Allow',
  };
}
