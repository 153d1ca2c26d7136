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
  schemaChange: true,
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
const KINDS: Readonly<
  Record<SchemaChange['type'] extends `${infer Kind}_${'added' | 'removed' | 'altered'}` ? Kind : never, true>
> = { table: true, view: true, column: true, index: true, foreign_key: true, trigger: true }

test('docs/events.md describes exactly the events that there are, and every field of a statement', async () => {
  const first = (await rows('events.md')).map(([cell]) => cell ?? '')

  expect(
    first
      .flatMap(backticked)
      .filter((name) => name in EVENTS || /^[a-z]\w*$/.test(name))
      .slice(0, 5),
  ).toEqual(Object.keys(EVENTS))
  expect(first.filter((cell) => cell in FIELDS)).toEqual(Object.keys(FIELDS))
})

test('docs/schema-changes.md describes exactly the changes that there are', async () => {
  const named = (await rows('schema-changes.md')).flatMap((row) => row.slice(1).flatMap(backticked))

  expect(named.filter((name) => name.includes('_'))).toEqual(
    Object.keys(KINDS).flatMap((kind) => [`${kind}_added`, `${kind}_removed`, `${kind}_altered`]),
  )
})
