import { expect, test } from 'vitest'
import { checkCycles } from './check-cycles.ts'
import { silent, tree } from './lib/tree.ts'

test('a diamond is no cycle, and tests may look back', async () => {
  const root = await tree({
    'src/a.ts': "import './b.ts'\nimport './c.ts'",
    'src/b.ts': "import './d.ts'",
    'src/c.ts': "import './d.ts'",
    'src/d.ts': "import 'a'",
    'src/d.test.ts': "import './a.ts'",
  })

  expect(await checkCycles(root, silent)).toEqual([])
})

test('a cycle is told with every file on its way, type imports included', async () => {
  const root = await tree({
    'src/a.ts': "import './x/b.ts'",
    'src/x/b.ts': "import type { C } from './c.ts'",
    'src/x/c.ts': "export * from './b.ts'",
  })

  expect(await checkCycles(root, silent)).toEqual(['src/x/b.ts → src/x/c.ts → src/x/b.ts'])
})

test('a file that imports itself is a cycle', async () => {
  expect(await checkCycles(await tree({ 'src/a.ts': "import './a.ts'" }), silent)).toEqual(['src/a.ts → src/a.ts'])
})
