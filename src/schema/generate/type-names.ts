/**
 * The names of the types of each table: `users` gives `User`, `NewUser`, `UserUpdate` and `UsersTable`.
 *
 * A table's *stem* is its name in PascalCase, its last word in the singular: `order-items` → `OrderItem`. Characters that
 * no TypeScript name can hold are dropped, a name that would begin with a digit gets an underscore, and one that has
 * nothing left is `Table`. When a name is taken by two tables, or by what the file imports or uses, the tables that want
 * it keep their plural; what is still taken is numbered in the order of the tables' names.
 */
import { toPascalCase } from '../naming.ts'
import { namePart } from './literals.ts'
import { singular } from './singular.ts'

export interface TypeNames {
  readonly row: string
  readonly insert: string
  readonly update: string
  /** The interface of the columns, in Kysely's terms. */
  readonly table: string
  /** The same as Kysely returns them; used where that differs. */
  readonly kyselyTable: string
}

/** Names that the file exports, imports, or means the global one by. */
export const RESERVED: ReadonlySet<string> = new Set([
  'ColumnType',
  'DB',
  'Date',
  'Generated',
  'GeneratedAlways',
  'Insertable',
  'Json',
  'KyselyDB',
  'NonNullable',
  'Omit',
  'Register',
  'Relations',
  'SchemaDescription',
  'Selectable',
  'SqlValue',
  'Uint8Array',
  'Updateable',
])

/** The names for each table, by its name. `tables` in the order of the file. */
export function typeNames(tables: readonly string[]): ReadonlyMap<string, TypeNames> {
  const wishes = Map.groupBy(tables, singularStem)
  const taken = new Set(RESERVED)
  const names = new Map<string, TypeNames>()
  const take = (table: string, wanted: TypeNames): void => {
    for (const name of Object.values(wanted)) taken.add(name)
    names.set(table, wanted)
  }

  // Those who have their name for themselves come first, so that a numbered one never takes it from them.
  for (const table of tables) {
    const wanted = namesFrom(singularStem(table), pluralStem(table))
    if (wishes.get(singularStem(table))?.length === 1 && isFree(wanted, taken)) take(table, wanted)
  }
  for (const table of tables) {
    if (names.has(table)) continue
    const plural = pluralStem(table)
    let wanted = namesFrom(plural, plural)
    for (let number = 2; !isFree(wanted, taken); number++)
      wanted = namesFrom(`${plural}${number}`, `${plural}${number}`)
    take(table, wanted)
  }
  return names
}

function namesFrom(row: string, plural: string): TypeNames {
  const table = `${plural}Table`
  return { row, insert: `New${row}`, update: `${row}Update`, table, kyselyTable: `${table}InKysely` }
}

function isFree(names: TypeNames, taken: ReadonlySet<string>): boolean {
  return Object.values(names).every((name) => !taken.has(name))
}

function pluralStem(table: string): string {
  const small = /\p{Ll}/u.test(table) ? table : table.toLowerCase()
  const stem = namePart(toPascalCase(small))
  if (stem === '') return 'Table'
  return /^\p{ID_Start}/u.test(stem) ? stem : `_${stem}`
}

function singularStem(table: string): string {
  return pluralStem(table).replace(/\p{Lu}?[^\p{Lu}]*$/u, (word) => singular(word))
}
