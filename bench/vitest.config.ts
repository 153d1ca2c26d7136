import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'compare/**/*.test.ts'],
    globalSetup: ['src/prepare/prisma-clients.ts'],
    // A dozen tools are loaded, which takes its time on a busy machine.
    testTimeout: 60_000,
  },
})
