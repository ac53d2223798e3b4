import { ConfigurationError } from '../errors/tallo-error.ts';

/** The sizes that Fargate has: units of a processor, and the memory that goes with these, MiB: least, most, step. */
const sizes: readonly (readonly [units: number, least: number, most: number, step: number])[] = [
  [256, 512, 2_048, 512],
  [512, 1_024, 4_096, 1_024],
  [1_024, 2_048, 8_192, 1_024],
  [2_048, 4_096, 16_384, 1_024],
  [4_096, 8_192, 30_720, 1_024],
  [8_192, 16_384, 61_440, 4_096],
  [16_384, 32_768, 122_880, 8_192],
];

/**
 * The units of a processor that a container with that much memory gets: those asked for, or the fewest that Fargate has with it.
 *
 * @throws ConfigurationError for a pair that Fargate does not have.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
export function containerSize(queue: string, memoryMiB: number, cpuUnits?: number): number {
  const fitting = sizes.filter(([units, ...memory]) => isWithin(memoryMiB, memory) && units !== 256);
  // A quarter of a processor has no 1,536 MiB.
  const small = [512, 1_024, 2_048].includes(memoryMiB) ? [256] : [];
  const units = [...small, ...fitting.map(([unit]) => unit)];
  const wanted = cpuUnits ?? units[0];
  if (wanted !== undefined && units.includes(wanted)) return wanted;
  throw new ConfigurationError(
    `Queue '${queue}': expected memoryMiB and cpuUnits to be a size that Fargate has, got ${memoryMiB} MiB${cpuUnits === undefined ? '' : ` with ${cpuUnits} units`}. ${advice(memoryMiB, units)}`,
  );
}

function isWithin(memoryMiB: number, [least = 0, most = 0, step = 1]: readonly number[]): boolean {
  return memoryMiB >= least && memoryMiB <= most && (memoryMiB - least) % step === 0;
}

function advice(memoryMiB: number, units: readonly number[]): string {
  if (units.length > 0) return `With ${memoryMiB} MiB, cpuUnits may be ${units.join(', ')}.`;
  return 'Memory may be 512, or 1,024 to 30,720 in steps of 1,024, to 61,440 in steps of 4,096, to 122,880 in steps of 8,192.';
}
