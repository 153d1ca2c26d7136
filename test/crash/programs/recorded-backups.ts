/** Makes backups of a database, removes old ones and, last, restores one in the place of another database, for the recorder. */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { NOORMME, restoreBackup } from '../../../src/index.ts'

const { folder, database, restoreTo } = JSON.parse(process.argv[2] ?? '') as {
  /** The folder that is watched. */
  readonly folder: string
  readonly database: string
  /** `null`: makes backups in the watched folder. Else restores there, over a copy of the database with its log. */
  readonly restoreTo: { readonly from: string; readonly to: string } | null
}

const acks = openSync(`${folder}/told.acks`, 'a')
const acknowledge = (text: string): void => void writeSync(acks, `${text}\n`)

if (restoreTo === null) {
  const backup = { target: folder, schedule: false as const, keepLast: 2, keepDaily: 0, keepWeekly: 0 }
  const db = new NOORMME({ connection: { database }, backup })
  for (let n = 1; n <= 5; n++) {
    await db.execute('INSERT INTO works (title, filling) VALUES (?, randomblob(30000))', [`work ${n}`])
    acknowledge((await db.backups.create()).id)
  }
  await db.close()
} else {
  for (const suffix of ['', '-wal']) {
    const copy = openSync(restoreTo.to + suffix, 'w')
    writeSync(copy, readFileSync(database + suffix))
    fsyncSync(copy)
    closeSync(copy)
  }
  const names = openSync(folder, 'r')
  fsyncSync(names)
  closeSync(names)
  acknowledge('there')
  const { id } = await restoreBackup(restoreTo)
  acknowledge(id)
}
closeSync(acks)
