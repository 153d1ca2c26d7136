/** A transaction that reads a row, adds one and writes it: as its caller sees it, and what of that is trips to the thread. */
import { openDriver } from '../contestants/driver.ts'
import { openNoormme } from '../contestants/noormme.ts'
import { fileForTrial, prepareFile } from '../files/files.ts'
import { printTimings, type Stages, timeStages } from './stages.ts'

const CALLS = 1000

export async function transaction(folder: string): Promise<void> {
  await prepareFile(folder, 'items')
  const path = await fileForTrial(folder, 'items', 'trial')
  const noormme = await openNoormme(path, 'NORMAL')
  const driver = openDriver(path, 'NORMAL')
  let likes = 0
  const [begin, read, write, commit] = [
    'BEGIN IMMEDIATE',
    'SELECT value FROM counters WHERE id = 1',
    'UPDATE counters SET value = value + 1 WHERE id = 1',
    'COMMIT',
  ].map((sql) => driver.prepare(sql))
  const stages: Stages = {
    'the driver': () => {
      begin?.run()
      read?.get()
      write?.run()
      commit?.run()
    },
    'noormme: two statements in a transaction': () => noormme.increment(),
    'noormme: one statement by itself': () => noormme.setLikes(1, likes++),
  }
  printTimings('read, add, write; one process, NORMAL', await timeStages(stages, CALLS))
  driver.close()
  await noormme.close()
}
