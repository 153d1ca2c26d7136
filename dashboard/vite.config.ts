import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// The page is shipped, whoever builds it: under a test runner it would come out with its development half.
process.env.NODE_ENV = 'production'

/** Relative paths only: the page works wherever it is mounted. Nothing inline: its Content-Security-Policy allows none. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    // Beside what the compiler makes of src/dashboard, in a folder of its own that a build may empty.
    outDir: fileURLToPath(new URL('../dist/dashboard/page', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // light-dark() is left to the browser: each has it since 2024.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})
