/** A migration makes a table, and its second statement fails. Nothing of it may stay, so that it can be mended and run again. */
import { committed, freshFile } from '../lib/fresh-file.ts'
import { end } from '../lib/timing.ts'
import { firstLine, verdict } from '../lib/verdict.ts'

export const FIRST = 'CREATE TABLE orders (id INTEGER PRIMARY KEY)'
export const SECOND = 'INSERT INTO no_such_table VALUES (1)'

/** @param migrate Applies a migration of `FIRST` and `SECOND`. */
export async function run(migrate: (file: string) => Promise<unknown>): Promise<never> {
  const file = freshFile()
  let failure: unknown = null
  try {
    await migrate(file)
  } catch (error) {
    failure = error
  }
  judge(failure, committed(file, `SELECT 1 FROM sqlite_schema WHERE name = 'orders'`).length > 0)
  return end(() => undefined)
}

function judge(failure: unknown, there: boolean): void {
  const told = `It says: ${firstLine(failure)}`
  if (failure === null) verdict('red', 'says nothing', 'It failed, and nobody was told.')
  else if (there)
    verdict(
      'red',
      'half of it stays',
      `${told}. The table of its first statement is there, in the way of a second run.`,
    )
  else if (!causes(failure).includes('no_such_table')) verdict('yellow', 'not begun', told)
  else verdict('green', 'nothing stays', `${told}. Of the migration nothing is there.`)
}

/** What the error and those beneath it say. */
function causes(error: unknown): string {
  return error instanceof Error ? `${error.message} ${causes(error.cause)}` : ''
}
