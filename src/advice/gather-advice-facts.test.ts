import { totalmem } from 'node:os'
import BetterSqlite3 from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openTestEngine } from '../../test/support/open-engine.ts'
import { introspect } from '../schema/introspect.ts'
import { gatherAdviceFacts } from './gather-advice-facts.ts'

const SETTINGS = { enableWALMode: true, readers: 3 }

test.each(['wal', 'delete'] as const)('the facts are what SQLite tells another connection (%s)', async (kind) => {
  const { engine, path } = await openTestEngine(kind)
  await engine.execute({ sql: 'CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT)' })
  await engine.execute({ sql: 'CREATE INDEX notes_text ON notes(text)' })
  await engine.execute({ sql: 'INSERT INTO notes(text) VALUES (zeroblob(100000))' })
  await engine.execute({ sql: 'DELETE FROM notes' })

  const facts = await gatherAdviceFacts(engine, engine.stats(), SETTINGS, 123)

  const witness = new BetterSqlite3(path, { readonly: true })
  const read = (name: string): unknown => witness.pragma(name, { simple: true })
  expect(facts.storage).toEqual({
    pageSize: read('page_size'),
    pageCount: read('page_count'),
    freePages: read('freelist_count'),
    hasStatistics: false,
    names: ['notes', 'notes_text'],
  })
  witness.close()
  expect(facts.storage.freePages).toBeGreaterThan(0)
  expect(facts).toMatchObject({ settings: SETTINGS, memoryBytes: 123, stats: { path } })
  expect(facts.schema).toEqual(await introspect(engine))
})

test('memory is the machine’s, or less where a container may use less', async () => {
  const { engine } = await openTestEngine('memory')

  const { memoryBytes } = await gatherAdviceFacts(engine, engine.stats(), SETTINGS)

  expect(memoryBytes).toBeGreaterThan(0)
  expect(memoryBytes).toBeLessThanOrEqual(totalmem())
})

test('a closed database gives no half of the facts: it rejects', async () => {
  const { engine } = await openTestEngine('wal')
  await engine.close()

  await expect(gatherAdviceFacts(engine, engine.stats(), SETTINGS)).rejects.toMatchObject({ code: 'NOORMME_CLOSED' })
})
