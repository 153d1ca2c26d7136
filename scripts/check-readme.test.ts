import { expect, test } from 'vitest'
import { checkReadme } from './check-readme.ts'
import { silent, tree } from './lib/tree.ts'

const FENCE = '```'
const block = (info: string, code: string): string => `${FENCE}${info}\n${code}\n${FENCE}\n`
const FINE = block('ts', "import { one } from 'noormme'\nif (one !== 1) throw new Error('not one')")

const problems = async (readme: string) =>
  checkReadme(
    await tree({
      'package.json': JSON.stringify({
        name: 'noormme',
        type: 'module',
        exports: { types: './dist/index.d.ts', default: './dist/index.js' },
        scripts: { start: '', load: '' },
      }),
      'dist/index.js': 'export const one = 1',
      'dist/index.d.ts': 'export declare const one: number',
      'src/cli/commands/status.ts': '',
      'README.md': readme,
    }),
    silent,
  )

test('blocks run in order against the built package, and see the files of those before them', async () => {
  const writes = block('ts', "import { writeFileSync } from 'node:fs'\nwriteFileSync('a.txt', 'a')")
  const reads = block('js', "import { readFileSync } from 'node:fs'\nreadFileSync('a.txt')")

  expect(await problems(FINE + writes + reads)).toEqual([])
  expect(await problems(reads + writes)).toEqual([expect.stringContaining('README.md:1: block-1.js, exit code 1')])
})

test('a block that throws fails, unless it is marked as a fragment', async () => {
  expect(await problems(block('js', "\nthrow new Error('wrong')"))).toEqual([expect.stringContaining('wrong')])
  expect(await problems(FINE + block('js no-run', "throw new Error('wrong')"))).toEqual([])
})

test('a block that runs but does not type-check fails', async () => {
  const code = "import { one } from 'noormme'\nexport const text: string = one"

  expect(await problems(block('ts', code))).toEqual([expect.stringMatching(/types.*block-1\.ts.*TS2322/)])
})

test('a command that does not exist fails', async () => {
  const shell = block('sh', 'npm install\nnpm start\nnpm run load\nnpx noormme status ./a.db')

  expect(await problems(FINE + shell)).toEqual([])
  expect(await problems(FINE + block('sh', 'npm run lode'))).toEqual([expect.stringContaining('no script "lode"')])
  expect(await problems(FINE + block('sh', 'npm test'))).toEqual([expect.stringContaining('no script "test"')])
  expect(await problems(FINE + block('sh', 'npx noormme doctor a.db'))).toEqual([expect.stringContaining('"doctor"')])
})

test('a README without code that runs fails, and so does none', async () => {
  expect(await problems('Words.')).toEqual(['README.md has no code block that runs'])
  expect(await checkReadme(await tree({}), silent)).toEqual(['README.md does not exist'])
})
