import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openConnection } from '../../test/support/open-connection.ts'
import { tempFolder } from '../../test/support/temp-folder.ts'
import { BusyError, InitializationError } from '../errors.ts'
import type { Connection } from './connection.ts'
import type { ConnectionPragmas, ConnectionRole, ConnectionSettings } from './settings.ts'

type Case = [setting: Partial<ConnectionSettings>, reported: Partial<ConnectionPragmas>]

/** What SQLite itself says of the connection, beside what was recorded at opening. */
function live(connection: Connection, name: string): unknown {
  return connection.pragma(name)
}

const EVERYWHERE: Case[] = [
  [{ synchronous: 'OFF' }, { synchronous: 'OFF' }],
  [{ synchronous: 'NORMAL' }, { synchronous: 'NORMAL' }],
  [{ synchronous: 'FULL' }, { synchronous: 'FULL' }],
  [{ synchronous: 'EXTRA' }, { synchronous: 'EXTRA' }],
  [{ cacheSize: -4000 }, { cache_size: -4000 }],
  [{ cacheSize: 123 }, { cache_size: 123 }],
  [{ cacheSize: 0 }, { cache_size: 0 }],
  [{ cacheSize: null }, { cache_size: -16000 }],
  [{ tempStore: 'DEFAULT' }, { temp_store: 'DEFAULT' }],
  [{ tempStore: 'FILE' }, { temp_store: 'FILE' }],
  [{ tempStore: 'MEMORY' }, { temp_store: 'MEMORY' }],
  [{ tempStore: null }, { temp_store: 'DEFAULT' }],
  [{ enableForeignKeys: true }, { foreign_keys: true }],
  [{ enableForeignKeys: false }, { foreign_keys: false }],
  [{ mmapSize: 0 }, { mmap_size: 0 }],
  [{ mmapSize: 1_048_576 }, { mmap_size: 1_048_576 }],
  [{ mmapSize: null }, { mmap_size: 0 }],
  [{ journalSizeLimit: 1000 }, { journal_size_limit: 1000 }],
  [{ journalSizeLimit: -1 }, { journal_size_limit: -1 }],
  [{ journalSizeLimit: null }, { journal_size_limit: -1 }],
]
const LIVE: Readonly<Record<string, readonly string[]>> = {
  synchronous: ['OFF', 'NORMAL', 'FULL', 'EXTRA'],
  temp_store: ['DEFAULT', 'FILE', 'MEMORY'],
}

describe.each<ConnectionRole>(['writer', 'reader', 'inline'])('on a %s connection', (role) => {
  const open = async (settings: Partial<ConnectionSettings>): Promise<Connection> => {
    const { path } = await openConnection({ settings: { enableWALMode: true } })
    return openConnection({ path, role, settings })
  }

  test.each(EVERYWHERE)('%j is obeyed and read back', async (settings, reported) => {
    const connection = await open(settings)

    expect(connection.pragmas).toMatchObject(reported)
    for (const [name, value] of Object.entries(reported)) {
      const asNumber = typeof value === 'string' ? LIVE[name]?.indexOf(value) : Number(value)
      expect(live(connection, name)).toBe(asNumber)
    }
  })

  test('busy_timeout is what was asked for, except where SQLite is not to wait', async () => {
    const connection = await open({ busyTimeout: 1234 })

    // The inline connection waits for nobody, the writer's thread polls by itself.
    const expected = role === 'reader' ? 1234 : 0
    expect(live(connection, 'busy_timeout')).toBe(expected)
    expect(connection.pragmas.busy_timeout).toBe(expected)
  })

  test('only the writer may write', async () => {
    const connection = await open({})

    expect(connection.pragmas.query_only).toBe(role !== 'writer')
    expect(live(connection, 'query_only')).toBe(role === 'writer' ? 0 : 1)
  })

  test('a map larger than SQLite allows is an error', async () => {
    await expect(open({ mmapSize: 2 ** 40 })).rejects.toBeInstanceOf(InitializationError)
    await expect(open({ mmapSize: 2 ** 40 })).rejects.toThrow(/mmap_size = 1099511627776 was not obeyed/)
  })
})

describe('the journal', () => {
  test('WAL is turned on, and off again', async () => {
    const path = join(tempFolder(), 'test.db')
    const modes: unknown[] = []
    for (const enableWALMode of [true, false, true, true]) {
      const connection = await openConnection({ path, settings: { enableWALMode } })
      modes.push(connection.pragmas.journal_mode, live(connection, 'journal_mode'))
      connection.close()
    }

    expect(modes).toEqual(['wal', 'wal', 'delete', 'delete', 'wal', 'wal', 'wal', 'wal'])
  })

  test('the mode stays in the file for programs that set none', async () => {
    const path = join(tempFolder(), 'test.db')
    ;(await openConnection({ path, settings: { enableWALMode: true } })).close()

    const other = new BetterSqlite3(path)
    expect(other.pragma('journal_mode', { simple: true })).toBe('wal')
    other.close()
  })

  test('while another connection has the file open in WAL, turning it off is an error', async () => {
    const held = await openConnection()
    held.write('CREATE TABLE t (a)', [])
    const { path } = held

    await expect(openConnection({ path, settings: { enableWALMode: false } })).rejects.toBeInstanceOf(BusyError)
  })

  test('a memory database has a journal of its own and takes every other setting', async () => {
    const { pragmas } = await openConnection({
      path: ':memory:',
      settings: { cacheSize: 77, synchronous: 'OFF', mmapSize: 1000, journalSizeLimit: 5 },
    })

    expect(pragmas).toMatchObject({
      journal_mode: 'memory',
      cache_size: 77,
      synchronous: 'OFF',
      mmap_size: 0,
      journal_size_limit: 5,
    })
  })
})

describe('page_size and auto_vacuum', () => {
  const vacuums = ['NONE', 'FULL', 'INCREMENTAL'] as const

  test.each(
    vacuums.flatMap((autoVacuum) =>
      [512, 4096, 65_536].map((pageSize) => [pageSize, autoVacuum, pageSize !== 512] as const),
    ),
  )('%i bytes and %s are obeyed on a new file, and kept (WAL: %s)', async (pageSize, autoVacuum, enableWALMode) => {
    const path = join(tempFolder(), 'test.db')
    const connection = await openConnection({ path, settings: { pageSize, autoVacuum, enableWALMode } })
    connection.write('CREATE TABLE t (a)', [])
    expect(connection.pragmas).toMatchObject({ page_size: pageSize, auto_vacuum: autoVacuum })
    connection.close()

    const witness = new BetterSqlite3(path)
    expect(witness.pragma('page_size', { simple: true })).toBe(pageSize)
    expect(witness.pragma('auto_vacuum', { simple: true })).toBe(vacuums.indexOf(autoVacuum))
    witness.close()

    const again = await openConnection({ path, settings: { pageSize, autoVacuum, enableWALMode } })
    expect(again.pragmas).toMatchObject({ page_size: pageSize, auto_vacuum: autoVacuum })
  })

  test.each<[string, Partial<ConnectionSettings>]>([
    ['page_size = 8192', { pageSize: 8192 }],
    ['auto_vacuum = 1', { autoVacuum: 'FULL' }],
    ['auto_vacuum = 2', { autoVacuum: 'INCREMENTAL' }],
  ])('%s on a file that has tables is an error that says how to change it', async (text, settings) => {
    const connection = await openConnection()
    connection.write('CREATE TABLE t (a)', [])
    connection.close()

    const opening = openConnection({ path: connection.path, settings })

    await expect(opening).rejects.toBeInstanceOf(InitializationError)
    await expect(opening).rejects.toMatchObject({
      message: expect.stringContaining(text),
      hint: expect.stringContaining('VACUUM'),
    })
  })

  test('a page size that no file can have is an error', async () => {
    await expect(openConnection({ settings: { pageSize: 1000 } })).rejects.toBeInstanceOf(InitializationError)
  })
})
