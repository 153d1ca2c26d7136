/**
 * The extension in C under many threads: with valgrind, which sees memory that is used after it was freed or never
 * freed, and with ThreadSanitizer, which sees what two threads touch at once. The program is native/test/stress.c.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { tempFolder } from './support/temp-folder.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const HEADERS = join(ROOT, 'node_modules/better-sqlite3/deps/sqlite3')
// As the driver compiles SQLite, where it matters to threads.
const OPTIONS = ['CORE', 'THREADSAFE=2', 'OMIT_DEPRECATED', 'OMIT_PROGRESS_CALLBACK', 'DEFAULT_MEMSTATUS=0']
const COMPILE_LIMIT_MS = 300_000

const has = (command: string): boolean => spawnSync(command, ['--version']).status === 0

function compile(rounds: number, ...flags: string[]): string {
  const program = join(tempFolder(), 'stress')
  const defines = [...OPTIONS.map((option) => `-DSQLITE_${option}`), `-DROUNDS=${rounds}`, '-D_GNU_SOURCE']
  const sources = [join(ROOT, 'native/test/stress.c'), join(HEADERS, 'sqlite3.c')]
  const libraries = ['-lpthread', '-lm', '-ldl']
  const args = ['-std=c11', '-g', '-w', ...flags, ...defines, `-I${HEADERS}`, ...sources, '-o', program, ...libraries]
  const { status, stderr } = spawnSync('gcc', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return program
}

function outcomeOf(command: string, args: readonly string[] = []): unknown {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  return { status, stdout, stderr }
}

const CLEAN = { status: 0, stdout: 'ok\n', stderr: '' }

test.skipIf(!has('gcc') || !has('valgrind'))(
  'no memory is used after it was freed, and none is left',
  { timeout: COMPILE_LIMIT_MS },
  () => {
    const program = compile(200, '-O0')
    expect(outcomeOf('valgrind', ['-q', '--error-exitcode=9', '--leak-check=full', program])).toEqual(CLEAN)
  },
)

test.skipIf(!has('gcc'))('no two threads touch the same memory at once', { timeout: COMPILE_LIMIT_MS }, () => {
  expect(outcomeOf(compile(400, '-O0', '-fsanitize=thread'))).toEqual(CLEAN)
})
