/** The file that `noormme generate` writes: a schema in, TypeScript out. The same schema gives the same text. */

import type { Naming, SchemaDescription } from '../../config/types.ts'
import { allowedValues } from '../allowed-values.ts'
import { assertDistinctNames, propertyName } from '../property-names.ts'
import { describeSchema } from '../schema-description.ts'
import type { ColumnInfo, RelationInfo, SchemaInfo, TableInfo } from '../types.ts'
import { columnType, isNeverNull, kyselyColumnType } from './column-type.ts'
import { propertyLiteral, stringLiteral } from './literals.ts'
import { namedTypes, type TypeMap } from './named-types.ts'
import { type TypeNames, typeNames } from './type-names.ts'

export interface GenerateOptions {
  /** `introspection.naming` of the program that uses the types. */
  readonly naming: Naming
  /** `introspection.dates` of that program. */
  readonly dates: 'text' | 'date'
  /** TypeScript types for single columns: `{ 'users.settings': "import('./settings.ts').Settings" }`. */
  readonly types: TypeMap
}

/** By this line a file is known to be one of ours. */
export const MARK = 'Made by `noormme generate`'

interface Table {
  readonly info: TableInfo
  readonly names: TypeNames
  /** Its name in TypeScript. */
  readonly property: string
  readonly columns: readonly string[]
  /** The columns that Kysely returns otherwise, `[]` for none. */
  readonly kyselyColumns: readonly KyselyColumn[]
}

interface KyselyColumn {
  readonly property: string
  readonly type: string
  /** Whether a row has it too, with another type. */
  readonly replaces: boolean
}

/**
 * @example
 * generateTypes(await introspect(file), { naming: 'stored', dates: 'text', types: {} })
 * @throws TableNotFoundError, ColumnNotFoundError for a name in `types` that the database does not have; ConfigError for
 *   names that camelCase would make one.
 */
export function generateTypes(schema: SchemaInfo, options: GenerateOptions): string {
  assertDistinctNames(schema, options.naming)
  const known = schema.tables.filter(({ columns }) => columns.length > 0)
  const names = typeNames(known.map(({ name }) => name))
  const named = namedTypes(schema, options.types)
  const tables = known.map((info): Table => {
    const own = names.get(info.name) as TypeNames
    return { info, names: own, property: propertyName(info.name, options.naming), ...columnsOf(info, options, named) }
  })
  const parts = [
    ...tables.map(tableText),
    databaseText(tables),
    ...kyselyText(tables),
    relationsText(tables, options.naming),
    registerText(tables),
    descriptionText(describeSchema(schema, options)),
  ]
  const body = parts.join('\n\n')
  const unknown = schema.tables.filter(({ columns }) => columns.length === 0).map(({ name }) => name)
  return `${headerText(unknown)}${importText(body)}\n${body}\n`
}

function headerText(unknown: readonly string[]): string {
  const left = unknown.map((name) => ` * Left out, because SQLite cannot tell its columns: ${printable(name)}.\n`)
  return `/**
 * The tables of the database as TypeScript sees them.
 * ${MARK}: run it again when the schema has changed, do not edit.
 *
 * An INTEGER beyond 2^53 is a bigint at runtime, also where its type is number. A table that is not STRICT may hold
 * values of other types than it declares; they come as they are stored.
${left.join('')} */
`
}

function printable(name: string): string {
  return stringLiteral(name).replaceAll('*/', '*\\/')
}

function importText(body: string): string {
  const exported = [
    'ColumnType',
    'Generated',
    'GeneratedAlways',
    'Insertable',
    'Json',
    'SchemaDescription',
    'Selectable',
    'SqlValue',
    'Updateable',
  ]
  // A word in a comment or a text imports one name too many, which does no harm.
  const used = exported.filter((name) => new RegExp(`(?<![\\w$'.])${name}(?![\\w$'])`).test(body))
  const line = `import type { ${used.join(', ')} } from 'noormme'`
  return line.length <= 120
    ? `${line}\n`
    : `import type {\n${used.map((name) => `  ${name},\n`).join('')}} from 'noormme'\n`
}

function columnsOf(
  table: TableInfo,
  { naming, dates }: GenerateOptions,
  named: ReadonlyMap<ColumnInfo, string>,
): Pick<Table, 'columns' | 'kyselyColumns'> {
  const allowed = allowedValues(table)
  const columns: string[] = []
  const kyselyColumns: KyselyColumn[] = []
  for (const column of table.columns.filter(({ hidden }) => !hidden)) {
    const facts = { table, column, allowed: allowed.get(column.name), dates, named: named.get(column) }
    const property = propertyName(column.name, naming)
    columns.push(`  ${propertyLiteral(property)}: ${columnType(facts)}`)
    const type = kyselyColumnType(facts)
    if (type !== null) kyselyColumns.push({ property, type, replaces: true })
  }
  if (table.module === 'fts5') kyselyColumns.push(...FTS5_COLUMNS)
  return { columns, kyselyColumns }
}

/** What queries of a full-text index need beside its columns; a row has neither. No column can have these names. */
const FTS5_COLUMNS: readonly KyselyColumn[] = [
  { property: 'rowid', type: 'Generated<number>', replaces: false },
  { property: 'rank', type: 'GeneratedAlways<number>', replaces: false },
]

function tableText({ info, names, columns, kyselyColumns }: Table): string {
  const { row, insert, update, table, kyselyTable } = names
  const writable = info.kind !== 'view' || info.triggers.length > 0
  const text = [
    `export interface ${table} {\n${columns.join('\n')}\n}`,
    `export type ${row} = Selectable<${table}>`,
    ...(writable
      ? [`export type ${insert} = Insertable<${table}>`, `export type ${update} = Updateable<${table}>`]
      : []),
  ]
  if (kyselyColumns.length > 0) text.push('', kyselyTableText(table, kyselyTable, kyselyColumns))
  return text.join('\n')
}

/** Only what stands in the other interface has to be left out of it; an index's own columns do not. */
function kyselyTableText(table: string, kyselyTable: string, columns: Table['kyselyColumns']): string {
  const omitted = columns.flatMap(({ property, replaces }) => (replaces ? stringLiteral(property) : []))
  const base = omitted.length === 0 ? table : `Omit<${table}, ${omitted.join(' | ')}>`
  const lines = columns.map(({ property, type }) => `  ${propertyLiteral(property)}: ${type}`)
  return `export interface ${kyselyTable} extends ${base} ${block(lines)}`
}

function databaseText(tables: readonly Table[]): string {
  const lines = tables.map(({ property, names }) => `  ${propertyLiteral(property)}: ${names.table}`)
  return `/** Every table and view. */\nexport interface DB ${block(lines)}`
}

function kyselyText(tables: readonly Table[]): string[] {
  const other = tables.filter(({ kyselyColumns }) => kyselyColumns.length > 0)
  if (other.length === 0) return []
  const omitted = other.map(({ property }) => stringLiteral(property)).join(' | ')
  const lines = other.map(({ property, names }) => `  ${propertyLiteral(property)}: ${names.kyselyTable}`)
  const why = '/** The same for Kysely, which returns what is stored: BOOLEAN as 0 and 1, JSON as text. */'
  return [`${why}\nexport interface KyselyDB extends Omit<DB, ${omitted}> ${block(lines)}`]
}

function relationsText(tables: readonly Table[], naming: Naming): string {
  const related = tables.filter(({ info }) => info.relations.length > 0)
  const lines = related.map(({ info, property }) => {
    const own = info.relations.map((relation) => `    ${relationText(relation, info, naming)}`)
    return `  ${propertyLiteral(property)}: {\n${own.join('\n')}\n  }`
  })
  return `/** What \`with\` can load. */\nexport interface Relations ${block(lines)}`
}

function relationText(relation: RelationInfo, table: TableInfo, naming: Naming): string {
  const target = stringLiteral(propertyName(relation.table, naming))
  const start = `${propertyLiteral(relation.name)}: { table: ${target}; many: `
  if (relation.kind === 'hasMany' || relation.kind === 'manyToMany') return `${start}true }`
  const own = table.columns.filter(({ name }) => relation.columns.includes(name))
  const nullable = relation.kind === 'hasOne' || !own.every((column) => isNeverNull(table, column))
  return `${start}false; nullable: ${nullable} }`
}

function registerText(tables: readonly Table[]): string {
  const kysely = tables.some(({ kyselyColumns }) => kyselyColumns.length > 0) ? ['    kysely: KyselyDB'] : []
  const lines = ['    database: DB', ...kysely, '    relations: Relations']
  return `declare module 'noormme' {\n  interface Register {\n${lines.join('\n')}\n  }\n}`
}

function descriptionText({ naming, dates, tables }: SchemaDescription): string {
  const lines = Object.entries(tables).map(([table, columns]) => {
    const own = Object.entries(columns).map(([name, text]) => `      ${propertyLiteral(name)}: ${stringLiteral(text)},`)
    return `    ${propertyLiteral(table)}: {\n${own.join('\n')}\n    },`
  })
  const body = lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n  }`
  return `/** What these types were made from. As \`introspection.schema\` it has a database that differs reported at start. */
export const schema: SchemaDescription = {
  naming: '${naming}',
  dates: '${dates}',
  tables: ${body},
}`
}

function block(lines: readonly string[]): string {
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n}`
}
