import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, onTestFinished, test } from 'vitest'
import { tempFolder } from '../../test/support/temp-folder.ts'
import { findLockHolder } from './lock-holder.ts'

const HOLDER = `
  const database = new (require('better-sqlite3'))(process.argv[1])
  database.pragma('journal_mode = ' + process.argv[2])
  database.exec('CREATE TABLE IF NOT EXISTS t (a); ' + process.argv[3])
  console.log('ready')
  process.stdin.once('data', () => { database.exec('COMMIT'); console.log('released') })
`

/** Another program that runs `begin` and keeps what it locks until it is told otherwise. */
async function startHolder(
  path: string,
  mode: string,
  begin: string,
): Promise<{ pid: number; release: () => Promise<void> }> {
  const child = spawn(process.execPath, ['-e', HOLDER, path, mode, begin], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return {
    pid: child.pid ?? -1,
    release: async () => {
      child.stdin.write('now\n')
      await once(child.stdout, 'data')
    },
  }
}

describe.runIf(process.platform === 'linux').each(['wal', 'delete'])('in %s mode', (mode) => {
  test.each(['BEGIN IMMEDIATE', 'BEGIN IMMEDIATE; INSERT INTO t VALUES (1)', 'BEGIN EXCLUSIVE'])(
    'another program that ran %j is found by its number and name, until it commits',
    async (begin) => {
      const path = join(tempFolder(), 'test.db')
      const holder = await startHolder(path, mode, begin)

      expect(findLockHolder(path)).toBe(`process ${holder.pid} (node)`)

      await holder.release()
      expect(findLockHolder(path)).toBe(undefined)
    },
  )

  test('a program that only reads, or holds another file, is not blamed', async () => {
    const folder = tempFolder()
    const path = join(folder, 'test.db')
    await startHolder(path, mode, 'BEGIN; SELECT * FROM t')
    await startHolder(join(folder, 'other.db'), mode, 'BEGIN IMMEDIATE')

    expect(findLockHolder(path)).toBe(undefined)
  })

  test('another connection of this process is told as such', () => {
    const path = join(tempFolder(), 'test.db')
    const database = new BetterSqlite3(path)
    database.pragma(`journal_mode = ${mode}`)
    database.exec('CREATE TABLE t (a); BEGIN IMMEDIATE')

    expect(findLockHolder(path)).toBe(`this process (${process.pid}), through another SQLite connection`)
    database.close()
  })
})

test('a file that is not there has no holder', () => {
  expect(findLockHolder(join(tempFolder(), 'none.db'))).toBe(undefined)
})
