import { defineConfig } from 'vitest/config';

const source = {
  resolve: { conditions: ['tallo-source'] },
  ssr: { resolve: { conditions: ['tallo-source'] } },
};

export default defineConfig({
  ...source,
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/interop/**',
      'test/localstack/**',
      'test/package/**',
      ...(process.env.TALLO_TEST_ENDPOINT ? [] : ['test/ports/other-endpoint.test.ts']),
    ],
    testTimeout: 30_000,
    typecheck: { enabled: true, include: ['test/types/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
  },
});
