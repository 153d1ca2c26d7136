/** Another process that holds a database's write lock until it is told to let go. */
import { runProgram } from './run-program.ts'
import { tempFolder } from './temp-folder.ts'

const PROGRAM = `
import Database from ${JSON.stringify(import.meta.resolve('better-sqlite3'))}
const database = new Database(process.argv[2] as string)
database.exec('BEGIN IMMEDIATE')
console.log('locked')
process.stdin.once('data', () => {
  database.exec('ROLLBACK')
  database.close()
  process.exit()
})
`

/** Resolves when the lock is held. */
export async function holdLock(path: string): Promise<{ release(): Promise<void> }> {
  const program = runProgram(tempFolder(), PROGRAM, [path])
  await program.line()
  return {
    release: async () => {
      program.child.stdin?.write('go\n')
      await program.ended
    },
  }
}
