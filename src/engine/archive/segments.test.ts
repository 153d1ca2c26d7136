import fc from 'fast-check'
import { expect, test } from 'vitest'
import { captureOf } from '../../../test/support/capture.ts'
import { openConnection } from '../../../test/support/open-connection.ts'
import type { Connection } from '../../sqlite/connection.ts'
import { DamagedSegment, readSegment, type SegmentBlock } from './read-segment.ts'
import type { SegmentEnd } from './segment-format.ts'

async function* chunksOf(bytes: Buffer, size = bytes.length): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<{ blocks: SegmentBlock[]; end: SegmentEnd }> {
  const reader = readSegment(chunks)
  const blocks: SegmentBlock[] = []
  for (;;) {
    const next = await reader.next()
    if (next.done === true) return { blocks, end: next.value }
    blocks.push({ ...next.value, frames: Buffer.from(next.value.frames) })
  }
}

const insert = (connection: Connection, rows: number): void =>
  void connection.write(
    'INSERT INTO t SELECT randomblob(60) FROM (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n)',
    [rows],
  )

async function twoSegments(pageSize = 512): Promise<{ first: Buffer; second: Buffer; commits: number }> {
  const connection = await openConnection({ settings: { pageSize } })
  connection.control('CREATE TABLE t (v)')
  const { begin, capture, segment } = captureOf(connection)
  begin()
  insert(connection, 3)
  insert(connection, 30)
  capture({ finish: true })
  insert(connection, 5)
  capture()
  insert(connection, 1)
  const { commit } = capture({ finish: true })
  return { first: segment(1), second: segment(2), commits: commit }
}

test('a segment says which commits are in it, and goes on where the one before ended', async () => {
  const { first, second, commits } = await twoSegments()
  const one = await read(chunksOf(first, 100))
  const two = await read(chunksOf(second))

  expect(commits).toBe(4)
  expect(one.end).toMatchObject({ number: 1, firstCommit: 1, lastCommit: 2 })
  expect(two.end).toMatchObject({ number: 2, firstCommit: 3, lastCommit: 4 })
  expect(two.blocks.map(({ firstCommit }) => firstCommit)).toEqual([3, 4])
  expect(two.blocks[0]?.header).toMatchObject({ previousHash: one.end.hash, position: one.end.position })
  expect(one.end.lastTimeMs).toBeLessThanOrEqual(two.end.firstTimeMs)
})

test('every single bit that is flipped, and every byte that is missing or added, is found', async () => {
  const { first } = await twoSegments()
  for (let at = 0; at < first.length; at++) {
    const flipped = Buffer.from(first)
    flipped[at] = (flipped[at] as number) ^ (1 << (at % 8))
    await expect(read(chunksOf(flipped)), `byte ${at}`).rejects.toThrow(DamagedSegment)
  }
  await fc.assert(
    fc.asyncProperty(
      fc.nat(first.length - 1),
      fc.integer({ min: 1, max: 700 }),
      fc.nat(255),
      async (at, count, byte) => {
        const shorter = Buffer.concat([first.subarray(0, at), first.subarray(at + count)])
        const longer = Buffer.concat([first.subarray(0, at), Buffer.alloc(count, byte), first.subarray(at)])
        await expect(read(chunksOf(shorter))).rejects.toThrow(DamagedSegment)
        await expect(read(chunksOf(longer))).rejects.toThrow(DamagedSegment)
      },
    ),
    { numRuns: 300 },
  )
  await expect(read(chunksOf(Buffer.concat([first, Buffer.alloc(1)])))).rejects.toThrow('something follows')
  await expect(read(chunksOf(Buffer.alloc(0)))).rejects.toThrow('too early')
})

test('chunks of any size are read alike', async () => {
  const { second } = await twoSegments(1024)
  const whole = await read(chunksOf(second))
  for (const size of [1, 7, 64, 1000]) expect(await read(chunksOf(second, size))).toEqual(whole)
})

test('lets go of the bytes of a segment that it does not read to its end', async () => {
  let closed = false
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.alloc(4096)
    } finally {
      closed = true
    }
  }

  await expect(readSegment(chunks()).next()).rejects.toThrow('it does not begin as a segment')

  expect(closed).toBe(true)
})
