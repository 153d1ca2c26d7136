/**
 * What is different between two schemas, as a list of changes: pure, facts in, facts out.
 *
 * Things are the same when they have the same name. So a rename is seen as a removal and an addition, which is what
 * SQLite's catalogue shows of it. A foreign key has no name: it is its columns and the table they refer to. What belongs
 * to a table that was added or removed is not listed by itself. Tables in which tools keep their state are left out.
 */
import { foldName } from './naming.ts'
import type { ColumnInfo, ForeignKeyInfo, IndexInfo, SchemaInfo, TableInfo, TriggerInfo } from './types.ts'

interface Described {
  /** The table or view it is about. */
  readonly table: string
  /** The change as a sentence, for people. */
  readonly details: string
}

type Changed<Kind extends string, Info> =
  | (Described & { readonly type: `${Kind}_added`; readonly name: string; readonly after: Info })
  | (Described & { readonly type: `${Kind}_removed`; readonly name: string; readonly before: Info })
  | (Described & {
      readonly type: `${Kind}_altered`
      readonly name: string
      readonly before: Info
      readonly after: Info
    })

/**
 * One change of the schema. `type` says what was done to what; `name` is the thing's own name (a foreign key's are its
 * columns), `before` and `after` are the thing as introspection described it.
 */
export type SchemaChange =
  | Changed<'table', TableInfo>
  | Changed<'view', TableInfo>
  | Changed<'column', ColumnInfo>
  | Changed<'index', IndexInfo>
  | Changed<'foreign_key', ForeignKeyInfo>
  | Changed<'trigger', TriggerInfo>

type Kind = 'table' | 'view' | 'column' | 'index' | 'foreign_key' | 'trigger'

/** How things of one kind are told apart, compared and written down. */
interface Things<Info> {
  readonly kind: Kind
  readonly key: (info: Info) => string
  readonly name: (info: Info) => string
  /** What differs between two of the same name, in words; empty when nothing does. */
  readonly differences: (before: Info, after: Info) => readonly string[]
}

/**
 * The changes that lead from one schema to the other, table by table in name order; empty when nothing differs.
 *
 * @example
 * diffSchemas(before, after).map(({ details }) => details) // ['column "bio" of "artists" was added']
 */
export function diffSchemas(before: Pick<SchemaInfo, 'tables'>, after: Pick<SchemaInfo, 'tables'>): SchemaChange[] {
  const old = new Map(before.tables.map((table) => [table.name, table]))
  const now = new Map(after.tables.map((table) => [table.name, table]))
  const names = [...new Set([...old.keys(), ...now.keys()])].sort()
  return names.flatMap((name) => tableChanges(old.get(name), now.get(name)))
}

function tableChanges(before: TableInfo | undefined, after: TableInfo | undefined): SchemaChange[] {
  // A view in the place of a table has nothing in common with it.
  if (before !== undefined && after !== undefined && (before.kind === 'view') === (after.kind === 'view')) {
    return alterations(before, after)
  }
  return [
    before === undefined ? [] : wholeTable('removed', before),
    after === undefined ? [] : wholeTable('added', after),
  ].flat()
}

function wholeTable(what: 'added' | 'removed', table: TableInfo): SchemaChange {
  const kind = kindOf(table)
  const facts = { table: table.name, name: table.name, details: `${kind} "${table.name}" was ${what}` }
  return what === 'added'
    ? { type: `${kind}_added`, ...facts, after: table }
    : { type: `${kind}_removed`, ...facts, before: table }
}

function alterations(before: TableInfo, after: TableInfo): SchemaChange[] {
  const table = after.name
  const parts = [
    ...partChanges(table, COLUMNS, before.columns, after.columns),
    ...partChanges(table, INDEXES, before.indexes, after.indexes),
    ...partChanges(table, FOREIGN_KEYS, before.foreignKeys, after.foreignKeys),
    ...partChanges(table, TRIGGERS, before.triggers, after.triggers),
  ]
  const differences = tableDifferences(before, after, parts.some(explainsStatement))
  if (differences.length === 0) return parts
  const kind = kindOf(after)
  const details = `${kind} "${table}" was altered: ${differences.join(', ')}`
  return [{ type: `${kind}_altered`, table, name: table, details, before, after }, ...parts]
}

/** The CREATE TABLE statement has this in it, so that its text differs as well. */
function explainsStatement({ type, ...change }: SchemaChange): boolean {
  if (type.startsWith('column') || type.startsWith('foreign_key')) return true
  const info = 'after' in change ? change.after : change.before
  return type.startsWith('index') && 'origin' in info && info.origin !== 'c'
}

function tableDifferences(before: TableInfo, after: TableInfo, explained: boolean): string[] {
  const traits = (table: TableInfo): string =>
    [
      table.kind === 'virtual' ? `module ${table.module}` : 'ordinary',
      ...(table.strict ? ['STRICT'] : []),
      ...(table.withoutRowid ? ['WITHOUT ROWID'] : []),
    ].join(' ')
  const key = (table: TableInfo): string =>
    table.primaryKey.length === 0
      ? 'none'
      : `(${table.primaryKey.join(', ')})${table.rowidColumn === null ? '' : ', the rowid'}`
  const differences = [
    ...differing('kind', traits(before), traits(after)),
    ...differing('primary key', key(before), key(after)),
  ]
  // A view is its text. The text of a table says more than its parts: CHECK constraints, collations, expressions.
  const own = after.kind === 'view' || (differences.length === 0 && !explained)
  return own && before.sql !== after.sql ? [...differences, 'its definition'] : differences
}

function partChanges<Info>(
  table: string,
  things: Things<Info>,
  before: readonly Info[],
  after: readonly Info[],
): SchemaChange[] {
  const { kind, name, differences } = things
  const old = keyed(before, things)
  const now = keyed(after, things)
  const describe = (info: Info, what: string) => ({
    table,
    name: name(info),
    details: `${kind.replace('_', ' ')} "${name(info)}" of "${table}" was ${what}`,
  })
  const changes: object[] = []
  for (const [key, info] of old) {
    const then = now.get(key)
    if (then === undefined) changes.push({ type: `${kind}_removed`, ...describe(info, 'removed'), before: info })
    else {
      const found = differences(info, then)
      if (found.length === 0) continue
      const what = describe(then, `altered: ${found.join(', ')}`)
      changes.push({ type: `${kind}_altered`, ...what, before: info, after: then })
    }
  }
  for (const [key, info] of now) {
    if (!old.has(key)) changes.push({ type: `${kind}_added`, ...describe(info, 'added'), after: info })
  }
  // Kind and Info belong together in every row of the tables below.
  return changes as SchemaChange[]
}

/** By key; those that share one are numbered: the same foreign key may be declared twice. */
function keyed<Info>(infos: readonly Info[], { key }: Things<Info>): Map<string, Info> {
  const counts = new Map<string, number>()
  return new Map(
    infos.map((info) => {
      const text = key(info)
      const count = counts.get(text) ?? 0
      counts.set(text, count + 1)
      return [JSON.stringify([text, count]), info]
    }),
  )
}

const COLUMNS: Things<ColumnInfo> = {
  kind: 'column',
  key: ({ name }) => name,
  name: ({ name }) => name,
  differences: (before, after) => [
    ...differing('type', before.type, after.type),
    ...differing('NOT NULL', before.notNull, after.notNull),
    ...differing('default', before.defaultValue, after.defaultValue),
    ...differing('place in the primary key', before.primaryKeyPosition, after.primaryKeyPosition),
    ...differing('generated', before.generated, after.generated),
    ...differing('hidden', before.hidden, after.hidden),
    ...(before.type === after.type ? differing('affinity', before.affinity, after.affinity) : []),
  ],
}

const INDEXES: Things<IndexInfo> = {
  kind: 'index',
  key: ({ name }) => name,
  name: ({ name }) => name,
  differences: (before, after) => {
    const columns = ({ columns: parts }: IndexInfo): string =>
      parts
        .map(({ name, descending, collation }) => `${name ?? 'an expression'} ${collation}${descending ? ' DESC' : ''}`)
        .join(', ')
    const found = [
      ...differing('columns', columns(before), columns(after)),
      ...differing('unique', before.unique, after.unique),
      ...differing('partial', before.partial, after.partial),
      ...differing('origin', before.origin, after.origin),
    ]
    return found.length > 0 || before.sql === after.sql ? found : ['its definition']
  },
}

const FOREIGN_KEYS: Things<ForeignKeyInfo> = {
  kind: 'foreign_key',
  key: ({ columns, referencedTable }) => JSON.stringify([columns, foldName(referencedTable)]),
  name: ({ columns }) => columns.join(', '),
  differences: (before, after) => [
    ...differing('references', reference(before), reference(after)),
    ...differing('ON DELETE', before.onDelete, after.onDelete),
    ...differing('ON UPDATE', before.onUpdate, after.onUpdate),
  ],
}

const TRIGGERS: Things<TriggerInfo> = {
  kind: 'trigger',
  key: ({ name }) => name,
  name: ({ name }) => name,
  differences: (before, after) => (before.sql === after.sql ? [] : ['its definition']),
}

function reference({ referencedTable, referencedColumns }: ForeignKeyInfo): string {
  return `${referencedTable} (${referencedColumns.length === 0 ? 'cannot be followed' : referencedColumns.join(', ')})`
}

function differing(what: string, before: unknown, after: unknown): string[] {
  return before === after ? [] : [`${what} from ${said(before)} to ${said(after)}`]
}

function said(value: unknown): string {
  if (value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return value === '' ? 'none' : String(value)
}

function kindOf({ kind }: TableInfo): 'table' | 'view' {
  return kind === 'view' ? 'view' : 'table'
}
