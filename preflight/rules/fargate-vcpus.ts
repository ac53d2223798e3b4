import type { Rule } from '../rule.ts';
import { count, several } from '../wording.ts';

/** Fargate starts no container beyond the account's quota: messages wait although the queue could have more of them. */
export const fargateVcpus: Rule = {
  name: 'fargate-vcpus',
  asks: "Do all containers together fit into Fargate's quota of virtual CPUs?",
  levels: ['warning'],
  see: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html',
  check: (plan) => {
    const served = plan.queues.flatMap(({ name, containers }) =>
      containers ? [{ name, ...containers }] : [],
    );
    const vcpus = served.reduce((sum, { most, cpuUnits }) => sum + (most * cpuUnits) / 1_024, 0);
    if (vcpus <= plan.fargateVcpus) return [];
    const parts = served.map(
      ({ name, most, cpuUnits }) => `queue '${name}': ${several(most, 'container')} of ${cpuUnits / 1_024}`,
    );
    return [
      {
        level: 'warning',
        subject: plan.app,
        where: `app '${plan.app}'`,
        found: `up to ${count(vcpus)} virtual CPUs, of ${parts.join('; ')}`,
        wanted: `at most ${count(plan.fargateVcpus)}, Fargate's quota in a region: it starts no more containers`,
        advice:
          'Lower concurrency or cpuUnits of these queues, or have the quota raised and say so: fargateVcpus.',
      },
    ];
  },
};
