import type { IConstruct } from 'constructs';
import type { PlannedPayloads } from '../../preflight/plan/plan.ts';
import { objectIn, type Properties, renderedBy } from './rendered.ts';

/** Payloads as their bucket will keep them. */
export function actualPayloads(
  planned: readonly PlannedPayloads[],
  bucket: IConstruct | undefined,
): readonly PlannedPayloads[] {
  const rendered = bucket && renderedBy(bucket);
  if (!rendered) return planned;
  const { Rules } = objectIn(rendered.LifecycleConfiguration);
  const expirations = Array.isArray(Rules) ? Rules.map(objectIn).filter(isExpiration) : [];
  return planned.map((payloads) => ({ ...payloads, keptDays: keptDays(payloads, expirations) }));
}

function isExpiration({ Status, ExpirationInDays }: Properties): boolean {
  return Status === 'Enabled' && typeof ExpirationInDays === 'number';
}

/** Of several rules the shortest decides. */
function keptDays({ prefix }: PlannedPayloads, expirations: readonly Properties[]): number | null {
  const days = expirations
    .filter(({ Prefix = '' }) => prefix.startsWith(String(Prefix)))
    .map(({ ExpirationInDays }) => Number(ExpirationInDays));
  return days.length === 0 ? null : Math.min(...days);
}
