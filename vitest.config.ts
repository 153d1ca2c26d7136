import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Every test opens threads of its own, which compile the sources each time: kept, that is half of the processor time.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/compile', import.meta.url))

export default defineConfig({
  resolve: {
    alias: {
      'noormme/dashboard': fileURLToPath(new URL('./src/dashboard/index.ts', import.meta.url)),
      noormme: fileURLToPath(new URL('./src/index.ts', import.meta.url)),
    },
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
