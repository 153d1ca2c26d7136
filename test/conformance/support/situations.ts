/** The states a call can be made in: each brings a database there, runs what is to be tried, and says how it ends. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { NOORMME } from 'noormme'
import { onTestFinished } from 'vitest'
import { gateModule } from '../../support/gate-module.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { type Made, TABLES } from './calls.ts'

/** What a database runs on. */
export const KINDS = ['WAL', 'DELETE', 'memory'] as const
export type Kind = (typeof KINDS)[number]

export interface Bench extends Made {
  reached(gate: string): Promise<void>
  /** Opens a gate; a second time does nothing. */
  open(gate: string): void
  /** Puts a folder where the file is, so that it cannot be opened. */
  hideFile(): void
  showFile(): void
}

/** What was promised on the way into a state, and how what is under way there ends. */
export interface Entered {
  readonly beside: readonly Promise<unknown>[]
  end(): void
}

/** Brings the database into a state and runs `body` there; what makes the state lasts until `end()`. */
export type Situation = (bench: Bench, body: () => Promise<void>) => Promise<Entered>

/** A database that nothing has been asked of yet, over a file with {@link TABLES} in it; in memory there is nothing. */
export function newBench(kind: Kind): Bench {
  const folder = tempFolder()
  const gates = gateModule()
  const migrations = join(folder, 'migrations')
  mkdirSync(migrations)
  writeFileSync(join(migrations, '0001_notes.sql'), 'CREATE TABLE notes (text TEXT)')
  const database = kind === 'memory' ? ':memory:' : join(folder, 'app.db')
  const config = {
    connection: { database },
    optimization: { enableWALMode: kind === 'WAL', synchronous: 'OFF' as const },
    // Nothing is queued that the test has not asked for, and nothing ends because the machine is slow.
    automation: { enableAutoOptimization: false },
    performance: { transactionTimeout: 600_000, statementTimeout: 0 },
    setup: gates.setup,
  }
  if (kind !== 'memory') {
    const file = new BetterSqlite3(database)
    file.exec(TABLES)
    file.close()
  }
  const db = new NOORMME(config)
  onTestFinished(async () => {
    gates.open('all')
    await db.close()
  })
  const hideFile = (): void => {
    renameSync(database, join(folder, 'hidden.db'))
    mkdirSync(database)
  }
  const showFile = (): void => {
    rmSync(database, { recursive: true })
    renameSync(join(folder, 'hidden.db'), database)
  }
  return { db, migrations, hideFile, showFile, open: gates.open, reached: gates.reached }
}

/** The same, open and filled. */
export async function openBench(kind: Kind): Promise<Bench> {
  const bench = newBench(kind)
  await bench.db.initialize()
  if (kind === 'memory') {
    for (const sql of TABLES.split(';').filter((text) => text.trim() !== '')) await bench.db.execute(sql)
    await bench.db.refreshSchema()
  }
  return bench
}

const entered = (...beside: readonly Promise<unknown>[]): Entered => ({ beside, end: () => {} })

/** Runs `body` inside what `enter` opens, and keeps that open. */
async function runInside(
  body: () => Promise<void>,
  enter: (inner: () => Promise<void>) => Promise<unknown>,
): Promise<Entered> {
  const { promise: inside, resolve, reject } = Promise.withResolvers<{ readonly tried: Promise<void> }>()
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const around = enter(async () => {
    const tried = body()
    resolve({ tried })
    await tried
    await ended
  })
  // What cannot be entered is an error of the test; what the body does may end what it is in.
  around.catch(reject)
  await (await inside).tried
  return { beside: [around], end }
}

export const SITUATIONS = {
  /** Before initialize(). */
  new: async (_bench, body) => {
    await body()
    return entered()
  },

  /** Nothing is under way. */
  idle: async (_bench, body) => {
    await body()
    return entered()
  },

  /** The writer's thread runs a statement that does not end before its gate is opened. */
  busy: async ({ db, reached, open }, body) => {
    const running = db.execute("INSERT INTO gates SELECT gate('busy')")
    await reached('busy')
    await body()
    return { beside: [running], end: () => open('busy') }
  },

  /** Inside the callback of a transaction that has written. */
  transaction: ({ db }, body) =>
    runInside(body, (inner) =>
      db.transaction(async (tx) => {
        await tx.execute('INSERT INTO gates VALUES (1)')
        await inner()
      }),
    ),

  /** Inside the callback of a snapshot that has read. */
  snapshot: ({ db }, body) =>
    runInside(body, (inner) =>
      db.snapshot(async (snapshot) => {
        await snapshot.execute('SELECT * FROM users')
        await inner()
      }),
    ),

  /** Inside the loop over a stream. */
  stream: ({ db }, body) =>
    runInside(body, async (inner) => {
      let rows = 0
      for await (const _ of db.getKysely().selectFrom('users').selectAll().stream(1)) {
        if (rows++ === 0) await inner()
      }
    }),

  /** Inside `detached()`, in a transaction that has written and goes on. */
  detached: ({ db }, body) =>
    runInside(body, (inner) =>
      db.transaction(async (tx) => {
        await tx.execute('INSERT INTO gates VALUES (1)')
        await db.detached(inner)
      }),
    ),

  /** In the async context of a transaction that has been committed. */
  late: async ({ db }, body) => {
    const { promise: committed, resolve: resume } = Promise.withResolvers<void>()
    let late: Promise<void> = committed
    await db.transaction(async () => {
      late = committed.then(body)
    })
    resume()
    await late
    return entered()
  },

  /** After close() was called, while a transaction that began before it goes on. */
  closing: async ({ db }, body) => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const transaction = db.transaction(async (tx) => {
      await tx.execute('INSERT INTO gates VALUES (1)')
      begun.resolve()
      await ended
    })
    await begun.promise
    const closed = db.close()
    await body()
    return { beside: [transaction, closed], end }
  },

  /** After close(). */
  closed: async ({ db }, body) => {
    await db.close()
    await body()
    return entered()
  },

  /** After initialize() was rejected, while the reason is still there. */
  failed: async ({ db, hideFile, showFile }, body) => {
    hideFile()
    const failed = db.initialize()
    await failed.catch(() => {})
    await body()
    return { ...entered(failed), end: showFile }
  },
} satisfies Record<string, Situation>

export type State = keyof typeof SITUATIONS
