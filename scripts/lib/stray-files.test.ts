import { expect, test } from 'vitest'
import { strayFiles } from './stray-files.ts'

const SOURCES = ['src/index.ts', 'src/index.test.ts', 'src/page.tsx']

test('what a build makes of the sources belongs in the tarball', () => {
  const outputs = [
    'dist/index.js',
    'dist/index.d.ts',
    'dist/index.js.map',
    'dist/page.js',
    'dist/dashboard/page/app.css',
  ]

  expect(
    strayFiles(['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'docs/errors.md', ...outputs], SOURCES),
  ).toEqual([])
})

test.each([
  ['dist/index.test.js', 'a test'],
  ['src/index.ts', 'nobody needs'],
  ['dist/notes.txt', 'nobody needs'],
  ['dist/dashboard/handler.js', 'whose source is gone'],
  ['dist/renamed.js', 'whose source is gone'],
])('%s does not', (path, why) => {
  expect(strayFiles([path], SOURCES)).toEqual([expect.stringContaining(why)])
})
