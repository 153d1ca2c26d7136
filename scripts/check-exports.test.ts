import { expect, test } from 'vitest'
import { checkExports } from './check-exports.ts'
import { silent, tree } from './lib/tree.ts'

const MANIFEST = {
  exports: {
    '.': { types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  },
  bin: { noormme: './dist/cli/main.js' },
  files: ['dist'],
}

const GOOD = {
  'package.json': JSON.stringify(MANIFEST),
  'dist/index.js': '',
  'dist/index.d.ts': '',
  'dist/cli/main.js': '#!/usr/bin/env node\n',
  'src/index.ts':
    "/** All. */\nexport { a, type B } from './a.ts'\nexport type { C } from './c.ts'\nexport * from './d.ts'\n",
}

const problems = async (changes: Readonly<Record<string, string>>, without?: string) => {
  const files = Object.entries({ ...GOOD, ...changes }).filter(([path]) => path !== without)
  return checkExports(await tree(Object.fromEntries(files)), silent)
}

const manifest = (changes: object) => ({ 'package.json': JSON.stringify({ ...MANIFEST, ...changes }) })

test('a complete build passes', async () => {
  expect(await problems({})).toEqual([])
})

test.each(['dist/index.js', 'dist/cli/main.js'])('a build without %s fails', async (path) => {
  expect(await problems({}, path)).toEqual([expect.stringContaining(`./${path} does not exist`)])
})

test('an export without its types fails', async () => {
  const bare = manifest({ exports: { '.': './dist/index.js' } })

  expect(await problems({}, 'dist/index.d.ts')).toContainEqual(expect.stringContaining('index.d.ts does not exist'))
  expect(await problems(bare)).toEqual([expect.stringContaining('"types" has to be its first condition')])
})

test('types after another condition fail: resolution takes the first that fits', async () => {
  const late = manifest({ exports: { '.': { default: './dist/index.js', types: './dist/index.d.ts' } } })

  expect(await problems(late)).toEqual([expect.stringContaining('"types" has to be its first condition')])
})

test('a command that the shell would not give to Node.js fails', async () => {
  expect(await problems({ 'dist/cli/main.js': 'run()' })).toEqual([expect.stringContaining('does not begin with')])
})

test('a package without exports, without a files list or with one that names nothing fails', async () => {
  expect(await problems(manifest({ exports: undefined }))).toEqual(['package.json has no exports'])
  expect(await problems(manifest({ files: undefined }))).toEqual([expect.stringContaining('no files list')])
  expect(await problems(manifest({ files: ['dist', 'CHANGELOG.md'] }))).toEqual([
    expect.stringContaining('CHANGELOG.md'),
  ])
})

test.each([
  "import { a } from './a.ts'\nexport const b = a()",
  "export { a } from './a.ts'\nrun()",
  'export default class {}',
])('an index with logic fails: %s', async (text) => {
  expect(await problems({ 'src/index.ts': text })).toEqual([expect.stringContaining('more than re-export')])
})
