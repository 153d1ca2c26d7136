/** Programs that use the package's types, compiled in an empty project with every declaration looked at. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { failure, type Outcome, run } from './run.ts'

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

/** As a generated file does it: the tables are known to the whole program. */
const REGISTERED = `
  import { type Generated, NOORMME } from 'noormme'
  interface DB { works: { id: Generated<number>; sold: boolean } }
  interface KyselyDB { works: { id: Generated<number>; sold: number } }
  declare module 'noormme' { interface Register { database: DB; kysely: KyselyDB; relations: {} } }
  const db = new NOORMME()
  const work = await db.getRepository('works').create({ sold: true })
  export const sold: boolean = work.sold
  export const [row]: { sold: number }[] = await db.getKysely().selectFrom('works').select('sold').execute()
  // @ts-expect-error no such table
  db.getRepository('nope')
`

export async function compileTyped(folder: string): Promise<Outcome> {
  const typed = await compile(folder, 'typed.mts', TYPED)
  return failure(typed) === null ? compile(folder, 'registered.mts', REGISTERED) : typed
}

async function compile(folder: string, name: string, program: string): Promise<Outcome> {
  await writeFile(join(folder, name), program)
  return run(process.execPath, [COMPILER, ...FLAGS, '--types', '', name], { cwd: folder })
}
