/** A damaged write-ahead log: the database opens at the last commit that is whole, and nothing behind it comes back. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { NOORMME } from 'noormme'
import { describe, expect, test } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'
import { FRAME_HEADER_BYTES, framesOf, LOG_HEADER_BYTES, type LogFrame } from './support/log-frames.ts'
import { type Chance, chance, SOAK } from './support/seed.ts'
import { startProgram } from './support/start-program.ts'

const MINUTES = 60_000
const COMMITS = 24

interface Left {
  readonly database: Buffer
  readonly log: Buffer
  readonly frames: readonly LogFrame[]
  /** The row of the last commit. */
  readonly lastId: number
}

interface Damage {
  readonly what: string
  readonly log: Buffer
  /** Bytes of the log before the damage. */
  readonly sound: number
}

/** What a killed program leaves. */
async function leave(mark: string, commits = COMMITS): Promise<Left> {
  const path = join(tempFolder(), 'left.db')
  const program = startProgram('make-log', { path, commits, mark })
  await program.said(1)
  await program.kill()
  const log = readFileSync(`${path}-wal`)
  return { database: readFileSync(path), log, frames: framesOf(log), lastId: Number(program.lines[0]) }
}

let own: Left | undefined

/** Made once, for all tests: a restarted log with several commits, and several frames in some. */
async function ownLeft(): Promise<Left> {
  own ??= await leave('own')
  expect(own.frames.filter(({ commits }) => commits)).toHaveLength(COMMITS)
  expect(own.frames.length).toBeGreaterThan(COMMITS)
  expect(own.log.length).toBeGreaterThan(own.frames.at(-1)?.end ?? 0)
  return own
}

/** The row that is the last one when the log is sound for so many bytes. */
function lastIdOf({ frames, lastId }: Left, sound: number): number {
  return lastId - frames.filter(({ commits, end }) => commits && end > sound).length
}

function put(folder: string, { database }: Left, log: Buffer): string {
  const state = join(folder, 'state')
  rmSync(state, { recursive: true, force: true })
  mkdirSync(state)
  writeFileSync(join(state, 'left.db'), database)
  writeFileSync(join(state, 'left.db-wal'), log)
  return join(state, 'left.db')
}

interface Found {
  readonly count: number
  readonly lastId: number
  readonly integrity: unknown
}

const COUNT = 'SELECT count(*) AS count, max(id) AS lastId FROM t'

/** The ids, which are to be without a hole, what SQLite says of the whole, and whether it can be written to. */
async function openWithNoormme(path: string): Promise<Found> {
  const db = new NOORMME(path)
  const [row] = (await db.execute<Omit<Found, 'integrity'>>(COUNT)).rows
  const [check] = (await db.execute<{ integrity_check: string }>('PRAGMA integrity_check')).rows
  await db.execute("INSERT INTO t VALUES (1000000, 'usable', '')")
  await db.close()
  return { count: row?.count ?? 0, lastId: row?.lastId ?? 0, integrity: check?.integrity_check }
}

function openWithSqlite(path: string): Found {
  const database = new BetterSqlite3(path)
  try {
    const row = database.prepare(COUNT).get() as Omit<Found, 'integrity'>
    return { ...row, integrity: database.pragma('integrity_check', { simple: true }) }
  } finally {
    database.close()
  }
}

/** Every fifth with noormme, which takes ten times as long, the others with SQLite alone. */
async function expectAll(left: Left, damages: readonly Damage[]): Promise<void> {
  const folder = tempFolder()
  const found: unknown[] = []
  const expected: unknown[] = []
  for (const [index, { what, log, sound }] of damages.entries()) {
    const lastId = lastIdOf(left, sound)
    expected.push({ what, count: lastId, lastId, integrity: 'ok' })
    const path = put(folder, left, log)
    found.push({ what, ...(index % 5 === 0 ? await openWithNoormme(path) : openWithSqlite(path)) })
  }
  expect(found).toEqual(expected)
}

/** All of them in the long form, `count` of them otherwise. */
function sample<T>(all: readonly T[], count: number, draw: Chance): readonly T[] {
  return SOAK ? all : Array.from({ length: count }, () => draw.pick(all))
}

describe('a damaged log', () => {
  test(
    'cut at a frame’s boundary, a byte before and a byte behind it',
    async () => {
      const left = await ownLeft()
      const cuts = [LOG_HEADER_BYTES, ...left.frames.map(({ end }) => end)].flatMap((end) => [end - 1, end, end + 1])
      const damages = [0, 1, ...sample(cuts, 24, chance('cuts'))].map((at) => ({
        what: `cut at ${at}`,
        log: left.log.subarray(0, at),
        sound: at,
      }))
      await expectAll(left, damages)
    },
    30 * MINUTES,
  )

  test(
    'a bit flipped in a frame’s header or page, or in the header of the log',
    async () => {
      const left = await ownLeft()
      const draw = chance('bits')
      const flip = (what: string, at: number, sound: number): Damage => {
        const log = Buffer.from(left.log)
        log.writeUInt8(log.readUInt8(at) ^ (1 << draw.between(0, 7)), at)
        return { what: `${what}, byte ${at}`, log, sound }
      }
      const inFrames = left.frames.flatMap((frame) => [
        ...Array.from({ length: FRAME_HEADER_BYTES }, (_, byte) => ({ frame, at: frame.start + byte })),
        ...Array.from({ length: 4 }, () => ({
          frame,
          at: draw.between(frame.start + FRAME_HEADER_BYTES, frame.end - 1),
        })),
      ])
      const inHeader = Array.from({ length: LOG_HEADER_BYTES }, (_, byte) => byte)
      await expectAll(left, [
        ...sample(inFrames, 24, draw).map(({ frame, at }) => flip('frame', at, frame.start)),
        ...sample(inHeader, 6, draw).map((at) => flip('header', at, 0)),
        flip(
          'behind the last commit',
          draw.between(left.frames.at(-1)?.end ?? 0, left.log.length - 1),
          left.log.length,
        ),
      ])
    },
    60 * MINUTES,
  )

  test(
    'garbage, zeros or copies of its own frames behind the last commit or at the end',
    async () => {
      const left = await ownLeft()
      const draw = chance('garbage')
      const last = left.frames.at(-1) as LogFrame
      const current = left.log.subarray(0, last.end)
      const garbage = Buffer.from(Array.from({ length: 20_000 }, () => draw.between(0, 255)))
      const again = left.log.subarray(left.frames[0]?.start ?? 0, last.end)
      const sound = left.log.length
      await expectAll(left, [
        { what: 'untouched', log: left.log, sound },
        { what: 'garbage behind', log: Buffer.concat([current, garbage]), sound },
        { what: 'garbage at the end', log: Buffer.concat([left.log, garbage]), sound },
        { what: 'zeros behind', log: Buffer.concat([current, Buffer.alloc(50_000)]), sound },
        { what: 'its own frames again', log: Buffer.concat([current, again]), sound },
        {
          what: 'its own last frame again',
          log: Buffer.concat([current, left.log.subarray(last.start, last.end)]),
          sound,
        },
        { what: 'nothing but zeros', log: Buffer.alloc(left.log.length), sound: 0 },
        { what: 'nothing but garbage', log: garbage, sound: 0 },
      ])
    },
    5 * MINUTES,
  )

  test('counter-proof: the log of another database is taken for its own, because nothing in it names the file', async () => {
    const left = await ownLeft()
    const foreign = await leave('foreign', 7)
    expect(openWithSqlite(put(tempFolder(), left, foreign.log)).lastId).toBe(foreign.lastId)
    expect(foreign.lastId).not.toBe(left.lastId)
  })
})
