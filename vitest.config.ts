import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // two cores: many test processes would only fight with the children that the tests themselves start
    maxWorkers: 2,
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // a machine that others use too
    expect: { poll: { timeout: 15_000 } },
  },
});
