/** Makes backups until it is killed, and says the id of each. */
import { NOORMME } from '../../../src/index.ts'

const { directory, database } = JSON.parse(process.argv[2] ?? '') as {
  readonly directory: string
  readonly database: string
}
const backup = { target: directory, schedule: false as const, keepLast: 2, keepDaily: 0, keepWeekly: 0 }
const db = new NOORMME({ connection: { database }, backup })
for (;;) {
  await db.execute('INSERT INTO works (title, filling) VALUES (?, randomblob(30000))', ['another'])
  console.log((await db.backups.create()).id)
}
