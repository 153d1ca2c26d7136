/**
 * `findBy<Column>`, `findOneBy<Column>` and `findManyBy<Column>`: made ahead for every column of a table, under its own
 * name (`findByuser_id`), its own name with a capital (`findByUser_id`) and in PascalCase (`findByUserId`).
 */
import { ColumnNotFoundError, ValidationError } from '../errors.ts'
import { toPascalCase } from '../schema/naming.ts'
import { nearest } from '../util/nearest.ts'
import type { ColumnModel } from './row-decoder.ts'
import type { TableModel } from './table-model.ts'

const FINDER = /^find(?:Many|One)?By(.+)$/s

/** The column that a finder of this name spells, or `null` for any other name. */
export function finderSpelling(name: string): string | null {
  return FINDER.exec(name)?.[1] ?? null
}

/** The columns each spelling stands for; more than one where nothing tells them apart. */
export function finderSpellings({ columns }: TableModel): Map<string, readonly ColumnModel[]> {
  const spellings = new Map<string, readonly ColumnModel[]>()
  // The exact name wins over the name with a capital, that over PascalCase.
  for (const spell of [(name: string) => name, capitalize, toPascalCase]) {
    const round = new Map<string, ColumnModel[]>()
    for (const column of columns) {
      const spelling = spell(column.name)
      if (spelling === '' || spellings.has(spelling)) continue
      const sharing = round.get(spelling)
      if (sharing === undefined) round.set(spelling, [column])
      else sharing.push(column)
    }
    for (const [spelling, sharing] of round) spellings.set(spelling, sharing)
  }
  return spellings
}

/** @throws ValidationError when the spelling stands for two columns. */
export function onlyColumn(model: TableModel, spelling: string, columns: readonly ColumnModel[]): ColumnModel {
  const [only, ...others] = columns
  if (only !== undefined && others.length === 0) return only
  throw new ValidationError({
    subject: `findBy${spelling} of "${model.table.name}"`,
    reason: `could mean ${columns.map(({ name }) => `"${name}"`).join(' or ')}`,
    advice: `Write the column's own name: findBy${columns[0]?.name}.`,
  })
}

export function unknownFinder({ table, columns }: TableModel, spelling: string): ColumnNotFoundError {
  const names = columns.map(({ name }) => name)
  const spelled = new Map(names.map((name) => [toPascalCase(name), name]))
  const close = nearest(spelling, [...names, ...spelled.keys()]).map((name) => spelled.get(name) ?? name)
  return new ColumnNotFoundError({ table: table.name, column: spelling, nearest: [...new Set(close)] })
}

function capitalize(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
