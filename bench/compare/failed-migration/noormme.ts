import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NOORMME } from 'noormme'
import { freshFolder } from '../lib/fresh-file.ts'
import { FIRST, run, SECOND } from './scenario.ts'

const folder = freshFolder()
writeFileSync(join(folder, '0001_orders.sql'), `${FIRST};\n${SECOND};\n`)

await run(async (file) => {
  const db = new NOORMME(`sqlite:${file}`)
  await db.initialize()
  await db.migrate(folder).finally(() => db.close())
})
