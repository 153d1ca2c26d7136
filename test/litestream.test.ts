/** Litestream copies the log and decides when it starts again; noormme leaves that to it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { NOORMME, type NoormmeConfig } from 'noormme'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasLitestream, Litestream } from './support/litestream.ts'
import { runProgram } from './support/run-program.ts'
import { tempFolder } from './support/temp-folder.ts'

interface Order {
  id: number
  note: string
}

const CLIENTS = 16
/** Pages from which Litestream makes the log start again: soon, so that it does under the load. */
const PAGES = 100
const NOTE = 'x'.repeat(1_000)

describe.skipIf(!hasLitestream)("checkpoint: 'external' beside the real Litestream", () => {
  async function open(
    path: string,
    checkpoint: 'external' | 'managed' = 'external',
    more: Pick<NoormmeConfig, 'backup'> = {},
  ): Promise<NOORMME> {
    const db = new NOORMME({ connection: { database: path }, optimization: { checkpoint }, ...more })
    onTestFinished(() => db.close())
    await db.initialize()
    await db.execute('CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, note TEXT NOT NULL)')
    return db
  }

  /** Writes with many clients at once until `enough`; the ids that were acknowledged. */
  async function load(db: NOORMME, enough: () => boolean): Promise<number[]> {
    const orders = db.getRepository<Order>('orders')
    const acknowledged: number[] = []
    const client = async (): Promise<void> => {
      do acknowledged.push((await orders.create({ note: NOTE })).id)
      while (!enough())
    }
    await Promise.all(Array.from({ length: CLIENTS }, client))
    return acknowledged
  }

  async function restored(litestream: Litestream, folder: string): Promise<number[]> {
    const path = join(folder, 'restored.db')
    await litestream.restore(path)
    const db = await open(path, 'managed')
    expect(await db.integrityCheck()).toEqual({ ok: true, problems: [] })
    return (await db.execute<Order>('SELECT id FROM orders ORDER BY id')).rows.map(({ id }) => id)
  }

  const sorted = (ids: readonly number[]): number[] => ids.toSorted((a, b) => a - b)

  it('replicates every acknowledged write under load, while noormme itself checkpoints nothing', async () => {
    const folder = tempFolder()
    const db = await open(join(folder, 'app.db'))
    const litestream = new Litestream(folder, join(folder, 'app.db'), { pages: PAGES })
    litestream.start()
    const ids = await load(db, () => litestream.logs() >= 4)
    const { log } = await db.getConnectionStats()
    expect(log?.checkpoints).toMatchObject({ copies: 0, restarts: 0, unfinished: 0 })
    await litestream.stop()
    await db.close()

    expect(await restored(litestream, folder)).toEqual(sorted(ids))
    expect(litestream.generations()).toHaveLength(1)
  })

  it('and a backup of ours is whole that was made meanwhile, and the replication has no gap', async () => {
    const folder = tempFolder()
    const backup = { target: join(folder, 'backups'), schedule: false, pointInTime: 0 } as const
    const db = await open(join(folder, 'app.db'), 'external', { backup })
    const litestream = new Litestream(folder, join(folder, 'app.db'), { pages: PAGES })
    litestream.start()
    let made = false
    const before = await load(db, () => litestream.logs() >= 2)
    const [during] = await Promise.all([
      load(db, () => made && litestream.logs() >= 4),
      db.backups.create().finally(() => {
        made = true
      }),
    ])
    const { rows } = await db.backups.verify()
    expect(rows.orders).toBeGreaterThanOrEqual(before.length)
    await litestream.stop()
    await db.close()

    expect(await restored(litestream, folder)).toEqual(sorted([...before, ...during]))
    expect(litestream.generations()).toHaveLength(1)
  })

  it('has every acknowledged write of a program that was killed while it wrote', async () => {
    const folder = tempFolder()
    const path = join(folder, 'app.db')
    await (await open(path)).close()
    const litestream = new Litestream(folder, path, { pages: PAGES })
    litestream.start()
    const program = runProgram(folder, WRITER, [path])
    const acknowledged: number[] = []
    while (acknowledged.length < 2_000 || litestream.logs() < 2) acknowledged.push(Number(await program.line()))
    program.child.kill('SIGKILL')
    await program.ended
    await litestream.stop()

    const ids = new Set(await restored(litestream, folder))
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([])
  })

  it('goes on after Litestream was away while the database was written, closed and opened again', async () => {
    const folder = tempFolder()
    const path = join(folder, 'app.db')
    const litestream = new Litestream(folder, path, { pages: PAGES })
    let db = await open(path)
    litestream.start()
    const first = await load(db, () => litestream.logs() >= 2)
    await litestream.stop()
    const second = await load(db, () => true)
    await db.close()
    expect(existsSync(`${path}-wal`)).toBe(false)

    db = await open(path)
    const generations = litestream.generations().length
    litestream.start()
    const third = await load(db, () => litestream.generations().length > generations)
    await litestream.stop()
    await db.close()
    expect(await restored(litestream, folder)).toEqual(sorted([...first, ...second, ...third]))
  })
})

/** Prints the id of every row whose write was acknowledged, until it is killed. */
const WRITER = `
import { NOORMME } from 'noormme/index.ts'
const db = new NOORMME({ connection: { database: process.argv[2] }, optimization: { checkpoint: 'external' } })
await db.initialize()
const orders = db.getRepository('orders')
const note = 'x'.repeat(1_000)
await Promise.all(Array.from({ length: ${CLIENTS} }, async () => {
  for (;;) process.stdout.write((await orders.create({ note })).id + '\\n')
}))
`
