import { defineConfig } from 'vitest/config';

/** Real Celery, as worker and as client, on the local cloud: `npm run test:interop` installs it first. */
export default defineConfig({
  resolve: { conditions: ['tallo-source'] },
  ssr: { resolve: { conditions: ['tallo-source'] } },
  test: {
    include: ['test/interop/**/*.test.ts'],
    // It writes what the others compare with, and only when asked to.
    exclude: process.env.RECORD ? [] : ['test/interop/record.test.ts'],
    // Workflows mostly wait: they are asked for together.
    maxConcurrency: 24,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
