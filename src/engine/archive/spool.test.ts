import { existsSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { captureOf, STREAM, type TestCapture } from '../../../test/support/capture.ts'
import { openConnection } from '../../../test/support/open-connection.ts'
import type { Connection } from '../../sqlite/connection.ts'
import { timesFrom } from './capture.ts'

async function streaming(): Promise<{ connection: Connection; first: TestCapture; again: () => TestCapture }> {
  const connection = await openConnection({ settings: { pageSize: 1024 } })
  connection.control('CREATE TABLE t (v)')
  const first = captureOf(connection)
  first.begin()
  return { connection, first, again: () => captureOf(connection) }
}

const insert = (connection: Connection, bytes = 100): void =>
  void connection.write('INSERT INTO t VALUES (randomblob(?))', [bytes])

test('a process that was killed goes on with what it had written down, and nothing is missing', async () => {
  const { connection, first, again } = await streaming()
  insert(connection)
  first.capture({ finish: true })
  insert(connection)
  first.capture()
  insert(connection)
  first.close()

  const second = again()
  expect(second.resume()).toMatchObject({ stream: STREAM, commit: 2, ended: null })
  expect(second.capture({ finish: true })).toMatchObject({ commit: 3, finished: [{ number: 2 }] })
})

test('a spool without a segment goes on where its empty folder did not come along', async () => {
  const { connection, first, again } = await streaming()
  first.close()
  rmSync(join(first.spool, STREAM), { recursive: true })

  const second = again()
  expect(second.resume()).toMatchObject({ stream: STREAM, ended: null })
  insert(connection)
  expect(second.capture({ finish: true })).toMatchObject({ commit: 1, ended: null })
})

test('what is left of an open segment is read back as far as it is whole, wherever it was cut', async () => {
  const { connection, first, again } = await streaming()
  for (let commit = 0; commit < 5; commit++) {
    insert(connection, 2000)
    first.capture()
  }
  first.close()
  const path = join(first.spool, STREAM, 'open')
  const bytes = readFileSync(path)

  fc.assert(
    fc.property(fc.nat(bytes.length), fc.boolean(), (length, torn) => {
      writeFileSync(path, torn ? Buffer.concat([bytes.subarray(0, length), Buffer.alloc(300)]) : bytes)
      if (!torn) truncateSync(path, length)
      const next = again()
      // With nothing left of it the stream would begin at the finished segments' end, which the log still has.
      expect(next.resume()).toMatchObject({ ended: null })
      expect(next.capture()).toMatchObject({ commit: 5, ended: null })
      next.close()
      writeFileSync(path, bytes)
    }),
    { numRuns: 60 },
  )
})

test('a segment that was finished, but not noted, is finished again under the same number', async () => {
  const { connection, first, again } = await streaming()
  insert(connection)
  const state = join(first.spool, 'state.json')
  const before = readFileSync(state)
  first.capture({ finish: true })
  first.close()
  writeFileSync(state, before)
  insert(connection)

  const second = again()
  expect(second.resume()).toMatchObject({ stream: STREAM, commit: 1 })
  expect(second.capture({ finish: true })).toMatchObject({ commit: 2, finished: [{ number: 1 }] })
})

test('a log that started again while nobody looked ends the stream; counter-proof: one that only grew does not', async () => {
  const { connection, first, again } = await streaming()
  insert(connection)
  first.capture()
  first.close()
  insert(connection)
  const grown = again()
  expect(grown.resume()).toMatchObject({ stream: STREAM, ended: null })
  grown.capture()
  grown.close()

  connection.pragmaRow('wal_checkpoint(RESTART)')
  insert(connection)
  const missed = again()
  expect(missed.resume()).toMatchObject({ stream: null, ended: expect.stringContaining('not archived') })
  expect(missed.begin()).toMatchObject({ stream: STREAM, commit: 2 })
})

test('while it is held the log cannot start again behind its back; counter-proof: let go, it does', async () => {
  const { connection, first } = await streaming()
  insert(connection)
  first.capture()
  expect(connection.pragmaRow('wal_checkpoint(RESTART)')[0]).toBe(1)
  insert(connection)
  expect(first.capture()).toMatchObject({ commit: 2, ended: null })

  first.ask({ kind: 'end', reason: 'the test' })
  expect(connection.pragmaRow('wal_checkpoint(RESTART)')[0]).toBe(0)
})

test('once all is in the file the log may start again once, and not a second time before it has been read', async () => {
  const { connection, first } = await streaming()
  insert(connection)
  first.capture()
  connection.pragmaRow('wal_checkpoint(PASSIVE)')
  first.capture()
  // The hold reads the file alone now.
  insert(connection)
  const [, frames, copied] = connection.pragmaRow('wal_checkpoint(PASSIVE)').map(Number)
  expect({ frames, copied }).toEqual({ frames: 1, copied: 0 })
  insert(connection)

  expect(first.capture()).toMatchObject({ commit: 3, ended: null })
  connection.pragmaRow('wal_checkpoint(PASSIVE)')
  expect(connection.pragmaRow('wal_checkpoint(PASSIVE)').map(Number)[2]).toBeGreaterThan(0)
})

test('an end is remembered, finished segments stay, and commits are counted on', async () => {
  const { connection, first, again } = await streaming()
  insert(connection)
  first.capture()
  expect(first.ask({ kind: 'end', reason: 'the test' })).toMatchObject({ ended: 'the test', finished: [{ number: 1 }] })
  expect(readdirSync(join(first.spool, STREAM))).toEqual(['00000001.segment'])

  const next = again()
  expect(next.resume()).toMatchObject({ stream: null, ended: null })
  const begun = next.ask({ kind: 'begin', folder: next.spool, stream: 'another', commit: 0 })
  expect(begun).toMatchObject({ stream: 'another', commit: 1 })
})

test('a spool that cannot be written to ends the stream and lets the log go', async () => {
  const { connection, first } = await streaming()
  insert(connection)
  renameSync(join(first.spool, STREAM), join(first.spool, 'away'))
  writeFileSync(join(first.spool, STREAM), 'no folder')

  expect(first.capture()).toMatchObject({ stream: null, ended: expect.stringContaining('ENOTDIR') })
  expect(connection.pragmaRow('wal_checkpoint(RESTART)')[0]).toBe(0)
  expect(existsSync(join(first.spool, 'state.json'))).toBe(true)
})

test('a commit is said to be made when it was seen first: never before it, never before the one in front of it', () => {
  const seen = [
    { frames: 90, timeMs: 1_000 },
    { frames: 3, timeMs: 2_000 },
    { frames: 7, timeMs: 3_000 },
    { frames: 9, timeMs: 2_500 },
  ]
  const times = timesFrom(seen, { frames: 12, notBefore: 0, nowMs: 9_000 })
  expect([2, 3, 5, 8, 12].map(times)).toEqual([2_000, 2_000, 3_000, 3_000, 9_000])
  // What was seen of the log before this one says nothing of it.
  expect([5].map(timesFrom([{ frames: 90, timeMs: 1_000 }], { frames: 12, notBefore: 0, nowMs: 9_000 }))).toEqual([
    9_000,
  ])
  expect([5].map(timesFrom(seen, { frames: 12, notBefore: 4_000, nowMs: 9_000 }))).toEqual([4_000])
})
