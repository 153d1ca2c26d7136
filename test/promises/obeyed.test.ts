/** The promise "obeyed": every key does what it says on every connection, as SQLite itself reports it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NOORMME, type NoormmeConfig } from 'noormme'
import { describe, expect, onTestFinished, test } from 'vitest'

type Optimization = NonNullable<NoormmeConfig['optimization']>

/** What SQLite says on the writer, on a reader's thread and on the inline connection, asked by SQL rather than of our own record. */
async function reported(optimization: Optimization, automation = {}): Promise<Record<string, unknown[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-'))
  const database = join(folder, 'app.db')
  const db = new NOORMME({ connection: { database }, optimization, automation })
  onTestFinished(async () => {
    await db.close()
    rmSync(folder, { recursive: true })
  })
  await db.initialize()
  const names = [
    'journal_mode',
    'synchronous',
    'cache_size',
    'temp_store',
    'foreign_keys',
    'mmap_size',
    'journal_size_limit',
    'page_size',
    'auto_vacuum',
  ]
  const result: Record<string, unknown[]> = {}
  for (const name of names) {
    const ask = async (run: typeof db.execute): Promise<unknown> =>
      Object.values((await run(`PRAGMA ${name}`)).rows[0] ?? {})[0]
    const onWriter = await db.transaction((tx) => ask((sql) => tx.execute(sql)))
    const onReader = await db.snapshot((snapshot) => ask((sql) => snapshot.execute(sql)))
    // Repeated until it is known to be short and runs inline.
    let inline: unknown
    for (let run = 0; run < 60; run++) inline = await ask((sql) => db.execute(sql))
    result[name] = [onWriter, onReader, inline]
  }
  const { counters } = await db.getConnectionStats()
  if (optimization.enableWALMode !== false) expect(counters?.readsInline).toBeGreaterThan(0)
  return result
}

const everywhere = (value: unknown): unknown[] => [value, value, value]

describe('every connection', () => {
  test('has the settings of the document', async () => {
    const settings = await reported({
      enableWALMode: true,
      enableForeignKeys: true,
      cacheSize: -64000,
      synchronous: 'NORMAL',
      tempStore: 'MEMORY',
    })
    expect(settings).toMatchObject({
      journal_mode: everywhere('wal'),
      foreign_keys: everywhere(1),
      cache_size: everywhere(-64000),
      synchronous: everywhere(1),
      temp_store: everywhere(2),
    })
  })

  test('has them with each key turned the other way', async () => {
    const settings = await reported({
      enableWALMode: false,
      enableForeignKeys: false,
      cacheSize: -2000,
      synchronous: 'FULL',
      tempStore: 'FILE',
    })
    expect(settings).toMatchObject({
      journal_mode: everywhere('delete'),
      foreign_keys: everywhere(0),
      cache_size: everywhere(-2000),
      synchronous: everywhere(2),
      temp_store: everywhere(1),
    })
  })

  test.each([
    ['mmap_size', { mmapSize: 1_048_576 }, 1_048_576],
    ['journal_size_limit', { journalSizeLimit: 1_000_000 }, 1_000_000],
    ['page_size', { pageSize: 8192 }, 8192],
    ['auto_vacuum', { autoVacuum: 'INCREMENTAL' }, 2],
    ['synchronous', { synchronous: 'EXTRA' }, 3],
    ['synchronous', {}, 2],
    ['cache_size', { cacheSize: 500 }, 500],
  ] satisfies [string, Optimization, number][])('has %s as configured: %o', async (name, optimization, value) => {
    expect((await reported(optimization))[name]).toEqual(everywhere(value))
  })

  test('keeps what SQLite has where automation is off and the key is not named', async () => {
    const settings = await reported({ tempStore: 'FILE' }, { enableAutoOptimization: false })
    expect(settings).toMatchObject({
      cache_size: everywhere(-16000),
      temp_store: everywhere(1),
      synchronous: everywhere(2),
      journal_mode: everywhere('wal'),
    })
  })
})

test('what getConnectionStats() shows is what SQLite reported', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-'))
  await using db = new NOORMME({ connection: { database: join(folder, 'app.db') }, optimization: { cacheSize: -1234 } })
  onTestFinished(() => rmSync(folder, { recursive: true }))
  await db.initialize()
  await db.snapshot((snapshot) => snapshot.execute('SELECT 1'))
  const { connections } = await db.getConnectionStats()
  expect(connections.map(({ label, pragmas }) => [label, pragmas?.cache_size, pragmas?.journal_mode])).toEqual([
    ['writer', -1234, 'wal'],
    ['inline', -1234, 'wal'],
    ['reader-1', -1234, 'wal'],
  ])
})
