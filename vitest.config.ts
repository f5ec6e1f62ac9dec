import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // on two cores: the tests wait for children of their own half of the time
    maxWorkers: 3,
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
