import { defineConfig } from 'vitest/config';

/** Installs as users do from outside, which needs the npm and PyPI registries: `npm run test:install`. */
export default defineConfig({
  test: { include: ['test/install/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000, passWithNoTests: false },
});
