/** A migration makes a table, and its second statement fails. Nothing of it may stay, so that it can be mended and run again. */
import { committed, freshFile } from '../lib/fresh-file.ts'
import { end } from '../lib/timing.ts'
import { firstLine, verdict } from '../lib/verdict.ts'

export const FIRST = 'CREATE TABLE orders (id INTEGER PRIMARY KEY)'
export const SECOND = 'INSERT INTO no_such_table VALUES (1)'

/** @param migrate Applies a migration of `FIRST` and `SECOND`. */
export async function run(migrate: (file: string) => Promise<unknown>): Promise<never> {
  const file = freshFile()
  let told: string | null = null
  try {
    await migrate(file)
  } catch (error) {
    told = firstLine(error)
  }
  const there = committed(file, `SELECT 1 FROM sqlite_schema WHERE name = 'orders'`).length > 0
  if (told === null) verdict('red', 'says nothing', 'It failed, and nobody was told.')
  else if (there)
    verdict(
      'red',
      'half of it stays',
      `It says: ${told}. The table of its first statement is there, and a second run fails at that.`,
    )
  else verdict('green', 'nothing stays', `It says: ${told}. Of the migration nothing is there.`)
  return end(() => undefined)
}
