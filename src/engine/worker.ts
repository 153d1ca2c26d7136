/**
 * A connection's thread: opens it, says how that went, then answers requests one after another. Nothing here waits for
 * anything but the database: the ONLY await is the opening.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { InitializationError, TransactionEndedError, toWire } from '../errors.ts'
import { checkpointWithin } from '../sqlite/checkpoint.ts'
import { Connection } from '../sqlite/connection.ts'
import { runScript } from '../sqlite/script.ts'
import type { SqlValue } from '../sqlite/values.ts'
import { CacheReporter } from './thread/cache-reporter.ts'
import { buffersOf } from './thread/encode-block.ts'
import { OPTIMIZE_MASK } from './thread/optimize-mask.ts'
import type { Ahead, Greeting, Operation, Operations, Reply, Request, ThreadData } from './thread/protocol.ts'
import { sendRead } from './thread/send-read.ts'
import { pack } from './thread/travelling-rows.ts'
import { FairTurns } from './writer/fair-turns.ts'
import { beginWrite, commit, commitGroup, rollback, runBatch, type WriteContext } from './writer/group-commit.ts'
import { pollWhileBusy } from './writer/poll-while-busy.ts'

type SendAhead = (ahead: Ahead['ahead']) => void
type Handlers = {
  readonly [O in Operation]: (argument: Operations[O]['argument'], sendAhead: SendAhead) => Operations[O]['result']
}

interface Cursor {
  readonly columns: readonly string[]
  readonly rows: Generator<SqlValue[], void>
}

const port = parentPort
if (port === null)
  throw new InitializationError({
    connection: 'worker',
    reason: 'this module is a thread’s entry',
    advice: 'Import "noormme" instead.',
  })

const { options } = workerData as ThreadData

try {
  const connection = await Connection.open(options)
  const turns = new FairTurns()
  const handlers = createHandlers({ connection, turns, busyTimeout: options.settings.busyTimeout })
  const reporter = new CacheReporter(connection.native, (report) => port.postMessage(report))
  port.on('message', (request: Request) => {
    if (request.op === 'close') reporter.end()
    const reply = answer(connection, handlers, request)
    port.postMessage(reply, 'error' in reply ? [] : pack(reply.result))
    if (request.op === 'close') port.close()
    else reporter.worked()
  })
  const { pragmas, sqliteVersion, nativeFacts: native } = connection
  greet({ opened: { pragmas, sqliteVersion, native, cache: connection.native?.counters() ?? null } })
} catch (error) {
  greet({ failed: toWire(error) })
}

function greet(greeting: Greeting): void {
  port?.postMessage(greeting)
}

function answer<O extends Operation>(
  connection: Connection,
  handlers: Handlers,
  { id, op, argument }: Request<O>,
): Reply {
  try {
    const result = handlers[op](argument, (ahead) => {
      port?.postMessage({ id, ahead } satisfies Ahead, ahead.blocks.flatMap(buffersOf))
    })
    return { id, result, inTransaction: op !== 'close' && connection.inTransaction }
  } catch (error) {
    return { id, error: toWire(error), inTransaction: connection.inTransaction }
  }
}

function createHandlers(context: WriteContext): Handlers {
  const { connection } = context
  const cursors = new Map<number, Cursor>()
  const control = (sql: string): null => {
    connection.control(sql)
    return null
  }
  // SQLite may have rolled back at the statement before: what follows must not commit by itself.
  const inside = <T>(run: () => T): T => {
    if (!connection.inTransaction)
      throw new TransactionEndedError({ what: 'transaction', how: 'rolled back by SQLite' })
    return run()
  }
  const closeCursors = (): void => {
    for (const { rows } of cursors.values()) rows.return()
    cursors.clear()
  }
  return {
    read: (statement, sendAhead) => sendRead(connection, statement, sendAhead),
    alone: ({ sql, parameters, waitMs }) => {
      if (!connection.isReadonly(sql)) connection.assertInPlace()
      return pollWhileBusy(() => connection.write(sql, parameters), { connection, waitMs })
    },
    run: ({ sql, parameters }) => inside(() => connection.write(sql, parameters)),
    batch: (statements) => inside(() => runBatch(connection, statements)),
    group: ({ items, waitMs }) => commitGroup(context, items, waitMs),
    begin: ({ waitMs }) => {
      if (waitMs === null) beginRead(connection)
      else beginWrite(context, waitMs)
      return null
    },
    commit: () => {
      inside(() => commit(context))
      return null
    },
    rollback: () => {
      // A statement that is still being stepped keeps its read transaction open after ROLLBACK.
      closeCursors()
      if (connection.inTransaction) rollback(context)
      return null
    },
    savepoint: (name) => inside(() => control(`SAVEPOINT ${name}`)),
    release: (name) => inside(() => control(`RELEASE ${name}`)),
    rollbackTo: (name) => inside(() => control(`ROLLBACK TO ${name}`)),
    script: (script) => {
      const { statements, failure } = inside(() => runScript(connection, script))
      return { statements, failure: failure === null ? null : { ...failure, error: toWire(failure.error) } }
    },
    checkpoint: ({ mode, waitMs }) => checkpointWithin(connection, mode, waitMs),
    openCursor: ({ cursor, statement }) => {
      const rows = connection.iterate(statement.sql, statement.parameters)
      cursors.set(cursor, { columns: connection.columns(statement.sql), rows })
      return null
    },
    readCursor: ({ cursor, rows }) => readCursor(cursors, cursor, rows),
    closeCursor: (cursor) => {
      cursors.get(cursor)?.rows.return()
      cursors.delete(cursor)
      return null
    },
    reloadSchema: () => {
      connection.reloadSchema()
      return null
    },
    close: ({ optimize, truncate }) => {
      closeCursors()
      if (connection.inTransaction) connection.control('ROLLBACK')
      try {
        if (optimize) connection.pragma(`optimize=${OPTIMIZE_MASK}`)
        if (truncate) connection.pragmaRow('wal_checkpoint(TRUNCATE)')
      } finally {
        connection.close()
      }
      return null
    },
  }
}

/** BEGIN alone takes no snapshot; the first read does (https://sqlite.org/isolation.html). */
function beginRead(connection: Connection): void {
  connection.control('BEGIN')
  connection.arrays('SELECT 1 FROM sqlite_schema LIMIT 1', [])
}

function readCursor(
  cursors: ReadonlyMap<number, Cursor>,
  id: number,
  count: number,
): Operations['readCursor']['result'] {
  const cursor = cursors.get(id)
  const rows: SqlValue[][] = []
  // Its snapshot has ended. Answering "no more rows" would cut the result short without a word.
  if (cursor === undefined) throw new TransactionEndedError({ what: 'snapshot', how: 'its connection was given back' })
  while (rows.length < count) {
    const next = cursor.rows.next()
    if (next.done === true) return { columns: cursor.columns, rows, done: true }
    rows.push(next.value)
  }
  return { columns: cursor.columns, rows, done: false }
}
