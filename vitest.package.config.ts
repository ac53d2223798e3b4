import { defineConfig } from 'vitest/config';

/** Installs the packed package in an empty project: slow, and it needs the registry. */
export default defineConfig({
  test: { include: ['test/package/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
});
