/** A program that uses the package's types, compiled in an empty project with every declaration looked at. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Outcome, run } from './run.ts'

const COMPILER = join(import.meta.dirname, '..', '..', 'node_modules', 'typescript', 'bin', 'tsc')
const FLAGS = '--noEmit --strict --module nodenext --target es2023 --skipLibCheck false'.split(' ')

/** Must compile without the declarations of anything that the package does not bring. */
const TYPED = `
  import { type ConnectionSetup, NOORMME, type NoormmeConfig } from 'noormme'
  interface Database { works: { id: number; title: string } }
  const config: NoormmeConfig = { connection: { database: ':memory:' } }
  const db = new NOORMME<Database>(config)
  const work = await db.getRepository('works').findOneByTitle('moon')
  export const title: string | undefined = work?.title
  export const rows = await db.getKysely().selectFrom('works').select('id').execute()
  export const setup = (connection: ConnectionSetup): void => connection.function('one', {}, () => 1)
  // @ts-expect-error no such column
  await db.getRepository('works').findAll({ where: { nope: 1 } })
`

export async function compileTyped(folder: string): Promise<Outcome> {
  await writeFile(join(folder, 'typed.mts'), TYPED)
  return run(process.execPath, [COMPILER, ...FLAGS, '--types', '', 'typed.mts'], { cwd: folder })
}
