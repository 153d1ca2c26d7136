import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { workerArguments } from './worker-arguments.ts'

const INDEX = fileURLToPath(new URL('../../index.ts', import.meta.url))
const PROGRAM = `
  import { NOORMME } from ${JSON.stringify(INDEX)}
  const db = new NOORMME(':memory:')
  console.log((await db.execute('SELECT 1 AS one')).rows[0].one)
  await db.close()`

test('what the process was started with is inherited, unless it says what to run', () => {
  expect(workerArguments(['--import', 'tsx', '--max-old-space-size=512'])).toBeUndefined()
})

test('beside --eval only what loads modules is handed on', () => {
  const flags = ['--import', 'tsx', '--conditions=dev', '--input-type=module', '--expose-gc', '-e', 'await 1']
  expect(workerArguments(flags)).toEqual(['--import', 'tsx', '--conditions=dev'])
})

test.each([
  [['--input-type=module', '-e', PROGRAM]],
  [['--max-old-space-size=512', '--expose-gc', '--input-type=module', '--eval', PROGRAM]],
])('a program started with %j can use a database', (flags) => {
  expect(execFileSync(process.execPath, flags, { encoding: 'utf8' })).toBe('1\n')
})
