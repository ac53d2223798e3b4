/** What this endpoint can invoke. */
export type TargetKind = 'queue' | 'function' | 'universal';

const kinds: readonly (readonly [TargetKind, RegExp])[] = [
  ['queue', /^arn:aws(-[a-z]+)?:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9-_]{1,80}(\.fifo)?$/],
  [
    'function',
    /^arn:aws(-[a-z]+)?:lambda:[a-z0-9-]+:\d{12}:function:[a-zA-Z0-9-_]{1,64}(:[a-zA-Z0-9-_$]+)?$/,
  ],
  ['universal', /^arn:aws(-[a-z]+)?:scheduler:::aws-sdk:sqs:sendMessage$/],
];

/** None if it is something else. */
export function targetKind(arn: string): TargetKind | undefined {
  return kinds.find(([, pattern]) => pattern.test(arn))?.[0];
}
