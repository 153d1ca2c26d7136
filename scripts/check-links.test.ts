import { expect, test } from 'vitest'
import { checkLinks } from './check-links.ts'
import { silent, tree } from './lib/tree.ts'

const GOOD = {
  'README.md':
    '# Shop\n[Keys](docs/keys.md), [values](docs/values.md), [source](src/), [elsewhere](https://example.org/)\n',
  'docs/keys.md': '# Keys\n## The `id`, and others\n[there](values.md#in-and-out) [here](#the-id-and-others)\n',
  'docs/values.md': '# Values\n### In and out\n[back](../README.md) `[no](link.md)`\n```md\n[no](link.md)\n```\n',
  'src/index.ts': '',
}

const problems = async (path: keyof typeof GOOD, from: string, to: string) =>
  checkLinks(await tree({ ...GOOD, [path]: GOOD[path].replace(from, to) }), silent)

test('pages that lead somewhere pass', async () => {
  expect(await checkLinks(await tree(GOOD), silent)).toEqual([])
})

test.each([
  [
    'a page that README.md does not link',
    'README.md',
    'docs/values.md',
    'src',
    'README.md does not link docs/values.md',
  ],
  ['a page that is not there', 'docs/keys.md', 'values.md', 'value.md', 'docs/keys.md:3 links docs/value.md'],
  ['a folder that is not there', 'README.md', 'src/', 'lib/', 'README.md:2 links lib/'],
  ['a heading of another page', 'docs/values.md', 'In and', 'In or', 'docs/keys.md:3 links #in-and-out'],
  ['a heading of the page', 'docs/keys.md', '`id`', '`key`', 'docs/keys.md:3 links #the-id-and-others'],
] as const)('%s fails', async (_, path, from, to, expected) => {
  expect(await problems(path, from, to)).toEqual([expect.stringContaining(expected)])
})
