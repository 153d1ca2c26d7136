/**
 * Twenty requests insert a row each at the same time; one of them breaks a UNIQUE constraint. It alone has to fail, and no
 * lock may be left behind: another process has to be able to write at once.
 */
import { committedNames, othersCanWrite } from '../lib/fresh-file.ts'
import { end, outcome } from '../lib/timing.ts'
import { firstLine, verdict } from '../lib/verdict.ts'

const REQUESTS = 20

export interface Tool {
  readonly file: string
  /** Inserts a row into `items`, whose names are unique. */
  insert(name: string): Promise<unknown>
  close(): unknown
}

export async function run({ file, insert, close }: Tool): Promise<never> {
  await insert('taken')
  const names = Array.from({ length: REQUESTS }, (_, n) => (n === 7 ? 'taken' : `row ${n}`))
  const outcomes = await Promise.all(names.map((name) => outcome(insert(name), 8000)))
  const free = othersCanWrite(file)

  const there = committedNames(file).length - 1
  const done = outcomes.filter(({ state }) => state === 'fulfilled').length
  const failed = outcomes.find((each) => each.state === 'rejected')
  const told = failed === undefined ? 'nothing' : firstLine(failed.error)
  if (there !== done) {
    verdict(
      'red',
      `lost ${done - there} of ${done}`,
      `${done} were told that they are committed; ${there} rows are there.`,
    )
  } else if (!free) {
    verdict('red', 'keeps the lock', `${done} were done, and then no other process can write: the file stays locked.`)
  } else if (done !== REQUESTS - 1) {
    verdict('yellow', `${REQUESTS - done} of ${REQUESTS} fail`, `${done} were done; told: ${told}`)
  } else verdict('green', 'it alone', `The other ${done} were done; it was told: ${told}`)
  return end(close)
}
