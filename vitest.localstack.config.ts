import { defineConfig } from 'vitest/config';

/** Core on what CloudFormation has deployed into LocalStack: `npm run test:localstack` installs it first. */
export default defineConfig({
  resolve: { conditions: ['tallo-source'] },
  ssr: { resolve: { conditions: ['tallo-source'] } },
  test: {
    include: ['test/localstack/**/*.test.ts'],
    globalSetup: ['test/localstack/set-up.ts'],
    setupFiles: ['test/localstack/environment.ts'],
    // One LocalStack, which is one process of Python; some tests mostly wait.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    teardownTimeout: 60_000,
  },
});
