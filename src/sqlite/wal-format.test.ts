import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openConnection } from '../../test/support/open-connection.ts'
import { tempFolder } from '../../test/support/temp-folder.ts'
import {
  adoptFrame,
  createWalHeader,
  frameBytesOf,
  parseWalHeader,
  readFrame,
  WAL_HEADER_BYTES,
  type WalHeader,
} from './wal-format.ts'

const PAGE_SIZES = [512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536]

interface Log {
  /** The database that it stands beside, as it was before. */
  readonly database: string
  readonly bytes: Buffer
  /** After each commit. */
  readonly rows: readonly number[]
}

async function writeLog(pageSize: number): Promise<Log> {
  const folder = tempFolder()
  const path = join(folder, 'log.db')
  const connection = await openConnection({ path, settings: { pageSize } })
  connection.control('CREATE TABLE t (v)')
  connection.pragmaRow('wal_checkpoint(TRUNCATE)')
  const database = join(folder, 'before.db')
  copyFileSync(path, database)
  const rows: number[] = []
  for (let round = 0; round < 5; round++) {
    connection.write(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
      INSERT INTO t SELECT randomblob(100) FROM n`,
      [],
    )
    rows.push(40 * (round + 1))
  }
  return { database, bytes: readFileSync(`${path}-wal`), rows }
}

/** Frames up to the first that is none, and how many commits end among them. */
function walk(bytes: Buffer): { readonly frames: number; readonly commits: number } {
  const header = parseWalHeader(bytes)
  if (header === null) return { frames: 0, commits: 0 }
  let { sums } = header
  let frames = 0
  let commits = 0
  for (let at = WAL_HEADER_BYTES; ; at += frameBytesOf(header)) {
    const frame = readFrame(bytes, at, header, sums)
    if (frame === null) return { frames, commits }
    sums = frame.sums
    frames++
    if (frame.databasePages > 0) commits++
  }
}

/** How many rows SQLite finds in the database with this log beside it. */
async function rowsWith(database: string, log: Buffer): Promise<unknown> {
  const path = join(tempFolder(), 'made.db')
  copyFileSync(database, path)
  writeFileSync(`${path}-wal`, log)
  const connection = await openConnection({ path })
  return connection.arrays('SELECT count(*) FROM t', []).rows[0]?.[0]
}

test.each(PAGE_SIZES)('reads all frames and commits of a log with pages of %i bytes', async (pageSize) => {
  const { bytes, rows } = await writeLog(pageSize)

  const header = parseWalHeader(bytes)
  expect(header?.pageBytes).toBe(pageSize)
  expect(walk(bytes)).toMatchObject({ commits: rows.length })
  expect(walk(bytes).frames).toBe((bytes.length - WAL_HEADER_BYTES) / (pageSize + 24))
})

test('any byte of a log that is another ends it there', async () => {
  const { bytes } = await writeLog(512)
  const { frames } = walk(bytes)
  const frameBytes = 512 + 24

  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      // The checkpoint's number is covered by the header's checksum as well.
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] as number) ^ change
      const intact = at < WAL_HEADER_BYTES ? 0 : Math.floor((at - WAL_HEADER_BYTES) / frameBytes)
      expect(walk(changed).frames).toBe(intact)
      expect(intact).toBeLessThan(frames)
    }),
    { numRuns: 500 },
  )
})

test.each([512, 4096, 65_536])(
  'SQLite takes a log that is made of the frames of another, cut at any commit, %i',
  async (pageSize) => {
    const { database, bytes, rows } = await writeLog(pageSize)
    const from = parseWalHeader(bytes) as WalHeader
    const made = createWalHeader(pageSize, '0123456789abcdef')
    const copy = Buffer.from(bytes)
    made.bytes.copy(copy)

    let { sums } = made.header
    let before = from.sums
    let commit = 0
    for (let at = WAL_HEADER_BYTES; at < bytes.length; at += frameBytesOf(from)) {
      const frame = readFrame(bytes, at, from, before)
      before = frame?.sums ?? before
      sums = adoptFrame(copy, at, made.header, sums)
      if (frame?.databasePages === 0) continue
      expect(await rowsWith(database, copy.subarray(0, at + frameBytesOf(from)))).toBe(rows[commit++])
    }
    expect(commit).toBe(rows.length)
  },
)

test('reads and makes what a machine of the other byte order writes', async () => {
  const { database, bytes, rows } = await writeLog(1024)
  const other = reorder(bytes)
  expect(parseWalHeader(other)?.bigEndian).not.toBe(parseWalHeader(bytes)?.bigEndian)
  expect(walk(other)).toEqual(walk(bytes))
  // SQLite is the witness that this is what such a machine writes.
  expect(await rowsWith(database, other)).toBe(rows.at(-1))
})

/** The same log with checksums in the other byte order, by the book and by nothing of what is tested. */
function reorder(log: Buffer): Buffer {
  const bytes = Buffer.from(log)
  const big = (bytes.readUInt32BE(0) & 1) === 0
  bytes.writeUInt32BE((bytes.readUInt32BE(0) ^ 1) >>> 0, 0)
  const sum = (part: Buffer, [first, second]: readonly [number, number]): [number, number] => {
    let one = first
    let two = second
    for (let at = 0; at < part.length; at += 8) {
      one = (one + (big ? part.readUInt32BE(at) : part.readUInt32LE(at)) + two) >>> 0
      two = (two + (big ? part.readUInt32BE(at + 4) : part.readUInt32LE(at + 4)) + one) >>> 0
    }
    return [one, two]
  }
  let sums = sum(bytes.subarray(0, 24), [0, 0])
  const write = (at: number): void => {
    bytes.writeUInt32BE(sums[0], at)
    bytes.writeUInt32BE(sums[1], at + 4)
  }
  write(24)
  const frameBytes = bytes.readUInt32BE(8) + 24
  for (let at = WAL_HEADER_BYTES; at < bytes.length; at += frameBytes) {
    sums = sum(bytes.subarray(at, at + 8), sums)
    sums = sum(bytes.subarray(at + 24, at + frameBytes), sums)
    write(at + 16)
  }
  return bytes
}
