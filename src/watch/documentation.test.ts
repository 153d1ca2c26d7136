import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { backticked, tableRows } from '../../scripts/lib/markdown.ts'
import type { SchemaChange } from '../schema/diff.ts'
import type { EventName, SlowQueryEvent } from './types.ts'

const rows = async (page: string) => tableRows(await readFile(new URL(`../../docs/${page}`, import.meta.url), 'utf8'))

// Typed by the union, so that one more does not compile.
const EVENTS: Readonly<Record<EventName, true>> = {
  query: true,
  slowQuery: true,
  nPlusOne: true,
  checkpoint: true,
  health: true,
  schemaChange: true,
  backup: true,
  error: true,
}
const FIELDS: Readonly<Record<keyof SlowQueryEvent, true>> = {
  sql: true,
  kind: true,
  duration: true,
  running: true,
  waited: true,
  rows: true,
  changes: true,
  connection: true,
  scope: true,
  error: true,
  threshold: true,
  origin: true,
}
const CHANGES: Readonly<Record<SchemaChange['type'], true>> = {
  table_added: true,
  table_removed: true,
  table_altered: true,
  view_added: true,
  view_removed: true,
  view_altered: true,
  column_added: true,
  column_removed: true,
  column_altered: true,
  index_added: true,
  index_removed: true,
  index_altered: true,
  foreign_key_added: true,
  foreign_key_removed: true,
  foreign_key_altered: true,
  trigger_added: true,
  trigger_removed: true,
  trigger_altered: true,
}

test('docs/events.md describes exactly the events that there are, and every field of a statement', async () => {
  const first = (await rows('events.md')).map(([cell]) => cell ?? '')

  expect(first.flatMap(backticked)).toEqual(Object.keys(EVENTS))
  expect(first.filter((cell) => cell in FIELDS)).toEqual(Object.keys(FIELDS))
})

test('docs/schema-changes.md describes exactly the changes that there are', async () => {
  const named = (await rows('schema-changes.md')).flatMap((row) => row.slice(1).flatMap(backticked))

  expect(named.filter((name) => name.includes('_'))).toEqual(Object.keys(CHANGES))
})
