import { expect, test } from 'vitest'
import { listFiles } from './lib/source.ts'
import { tree } from './lib/tree.ts'
import { pruneDist } from './prune-dist.ts'

test('only output whose source is gone is removed', async () => {
  const files = [
    'src/a.ts',
    'dist/a.js',
    'dist/a.d.ts',
    'dist/a.js.map',
    'dist/b.js',
    'dist/x/b.d.ts',
    'dist/dashboard/page/a.css',
  ]
  const root = await tree(Object.fromEntries(files.map((path) => [path, ''])))

  const removed = await pruneDist(root)

  expect(removed).toEqual(['dist/b.js', 'dist/x/b.d.ts'])
  expect(await listFiles(root, 'dist')).toEqual([
    'dist/a.d.ts',
    'dist/a.js',
    'dist/a.js.map',
    'dist/dashboard/page/a.css',
  ])
})
