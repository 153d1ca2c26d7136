import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { workerArguments } from './worker-arguments.ts'

test('flags that say what the process runs are left out, the others kept', () => {
  const flags = ['--import', 'tsx', '--input-type=module', '--max-old-space-size=512', '-e', 'await 1', '--no-warnings']
  expect(workerArguments(flags)).toEqual(['--import', 'tsx', '--max-old-space-size=512', '--no-warnings'])
})

test('a program given with --eval can use a database', () => {
  const index = fileURLToPath(new URL('../../index.ts', import.meta.url))
  const program = `
    import { NOORMME } from ${JSON.stringify(index)}
    const db = new NOORMME(':memory:')
    console.log((await db.execute('SELECT 1 AS one')).rows[0].one)
    await db.close()`
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })).toBe('1\n')
})
