/** The table of lists that the appending programs and their judge share. */

export const LIST_SCHEMA = 'CREATE TABLE IF NOT EXISTS lists (id INTEGER PRIMARY KEY, items TEXT NOT NULL)'

/** Which protection is taken out. */
export type AppendFault = 'no transaction' | 'no snapshot'

/** The values of one list, in order. */
export function valuesOf(row: { readonly items: string } | undefined): number[] {
  return row === undefined || row.items === '' ? [] : row.items.split(',').map(Number)
}
