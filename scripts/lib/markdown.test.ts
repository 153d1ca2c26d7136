import { expect, test } from 'vitest'
import { backticked, codeBlocks, tableRows } from './markdown.ts'

test('code blocks come with what is written after the fence and their line', () => {
  const page = 'text\n\n```ts no-run\na\n```\n\n````md\n```sh\nb\n```\n````\n'

  expect(codeBlocks(page)).toEqual([
    { info: 'ts no-run', code: 'a\n', line: 3 },
    { info: 'md', code: '```sh\nb\n```\n', line: 7 },
  ])
})

test('table rows are cut at bars that are not escaped, rules and code left out', () => {
  const page = '| a | b |\n|---|:-:|\n| `c \\| d` | e |\n\n```\n| not | this |\n```\n'

  expect(tableRows(page)).toEqual([
    ['a', 'b'],
    ['`c | d`', 'e'],
  ])
})

test('every name in backticks of a cell counts', () => {
  expect(backticked('`a`, `b` and c')).toEqual(['a', 'b'])
  expect(backticked(undefined)).toEqual([])
})
