import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { checkPack } from './check-pack.ts'
import { silent, tree } from './lib/tree.ts'

const INDEX = `
  export class NOORMME {
    constructor() {
      const [major] = process.versions.node.split('.')
      if (major < 22) throw Object.assign(new Error('too old'), { code: 'NOORMME_NODE_VERSION' })
    }
    async initialize() {}
    async execute() { return { rows: [{ id: 1, text: 'hello' }] } }
    async close() {}
  }`

const CLI = `#!/usr/bin/env node
  if (process.versions.node.split('.')[0] < 22) {
    console.error('noormme needs Node.js 22.14 or newer')
    process.exit(2)
  }
  console.log(process.argv[2] === '--version' ? '1.0.0' : 'Usage: noormme')`

const GOOD = {
  'package.json': JSON.stringify({
    name: 'noormme',
    version: '1.0.0',
    type: 'module',
    exports: { '.': './dist/index.js', './package.json': './package.json' },
    bin: { noormme: './dist/cli/main.js' },
    files: ['dist'],
  }),
  'src/index.ts': '',
  'src/cli/main.ts': '',
  'dist/index.js': INDEX,
  'dist/cli/main.js': CLI,
}

const problems = async (changes: Readonly<Record<string, string>>) =>
  checkPack(await tree({ ...GOOD, ...changes }), silent)

// What is packed here has no binaries at all.
beforeEach(() => void vi.stubEnv('NOORMME_CI', '0'))
afterEach(() => void vi.unstubAllEnvs())

test('a good package passes, and its size is told', async () => {
  const lines: string[] = []

  const found = await checkPack(await tree(GOOD), (line) => lines.push(line))

  expect(found).toEqual([])
  expect(lines[0]).toMatch(/^noormme-1\.0\.0\.tgz: \d+ KiB, \d+ KiB unpacked, 3 files$/)
})

describe('fails', () => {
  test('on a module that only `import` can load', async () => {
    expect(await problems({ 'dist/index.js': `await null\n${INDEX}` })).toEqual([
      expect.stringContaining("require('noormme')"),
    ])
  })

  test('on a module that speaks when it is loaded', async () => {
    expect(await problems({ 'dist/index.js': `console.error('hello')\n${INDEX}` })).toContainEqual(
      expect.stringContaining("import('noormme') wrote to stderr: hello"),
    )
  })

  test('on a database that gives back something else', async () => {
    expect(await problems({ 'dist/index.js': INDEX.replace('hello', 'Hello') })).toEqual([
      expect.stringContaining('a program that writes, reads and closes: exit code 1'),
    ])
  })

  test('on a command that does not print its version', async () => {
    expect(await problems({ 'dist/cli/main.js': CLI.replace('1.0.0', 'unknown') })).toEqual([
      expect.stringContaining('npx noormme --version: printed'),
    ])
  })

  test('on files that nobody needs', async () => {
    const extra = { 'dist/index.test.js': '', 'dist/renamed.js': '' }

    expect(await problems(extra)).toEqual([
      'the tarball has a test: dist/index.test.js',
      expect.stringContaining('dist/renamed.js, whose source is gone'),
    ])
  })

  test('types that need the declarations of another package', async () => {
    const manifest = JSON.parse(GOOD['package.json'])
    manifest.exports['.'] = { types: './dist/index.d.ts', default: './dist/index.js' }
    const [problem] = await problems({
      'package.json': JSON.stringify(manifest),
      'dist/index.d.ts': "import type Missing from 'missing-package'\nexport declare const NOORMME: Missing",
    })
    expect(problem).toMatch(/^its types: /)
  })
})
