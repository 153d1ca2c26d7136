import { expect, test } from 'vitest'
import { checkSizes } from './check-sizes.ts'
import { silent, tree } from './lib/tree.ts'

const file = (lines: number): string => 'a\n'.repeat(lines)

const problems = async (...sizes: readonly number[]) =>
  checkSizes(await tree(Object.fromEntries(sizes.map((size, index) => [`src/f${index}.ts`, file(size)]))), silent)

test('files at the limits pass', async () => {
  expect(await problems(120, 120, 120, 120, 120, 300, 300, 300, 300, 500)).toEqual([])
})

test('a file over 500 lines fails, however many small ones there are', async () => {
  expect(await problems(501, ...Array<number>(20).fill(10))).toEqual(['src/f0.ts has 501 lines, over 500'])
})

test('more than one file in ten over 300 lines fails', async () => {
  expect(await problems(301, 301, ...Array<number>(17).fill(10))).toEqual([
    '2 of 19 files are over 300 lines: src/f0.ts (301), src/f1.ts (301)',
  ])
})

test('a median over 120 lines fails', async () => {
  expect(await problems(10, 121, 121)).toEqual([expect.stringContaining('half of the files')])
})

test('a script of 80 lines fails; tests are not counted', async () => {
  const root = await tree({
    'scripts/a.ts': file(80),
    'scripts/lib/b.ts': file(79),
    'scripts/a.test.ts': file(400),
    'src/a.test.ts': file(900),
  })

  expect(await checkSizes(root, silent)).toEqual(['scripts/a.ts has 80 lines, over 79'])
})
