/**
 * A connection's thread: opens it, says how that went, then answers requests one after another. Nothing here waits for
 * anything but the database: the ONLY await is the opening.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { InitializationError, TransactionEndedError, toWire } from '../errors.ts'
import { checkpointWithin, lookAtLog } from '../sqlite/checkpoint.ts'
import { Connection } from '../sqlite/connection.ts'
import { LogHold } from '../sqlite/log-hold.ts'
import { runScript } from '../sqlite/script.ts'
import { Capture } from './archive/capture.ts'
import { FileHash } from './backup/file-hash.ts'
import { ThreadCopy } from './backup/thread-copy.ts'
import { Cursors } from './cursors.ts'
import { buffersOf } from './thread/encode-block.ts'
import { isInterrupted } from './thread/interrupted.ts'
import { OPTIMIZE_MASK } from './thread/optimize-mask.ts'
import { PageCacheReporter } from './thread/page-cache-reporter.ts'
import type { Ahead, Answered, Greeting, Operation, Operations, Reply, Request, ThreadData } from './thread/protocol.ts'
import { RunSlot, runOf } from './thread/run-slot.ts'
import { sendRead } from './thread/send-read.ts'
import { flatten, unpackArgument } from './thread/travelling-group.ts'
import { pack } from './thread/travelling-rows.ts'
import { FairTurns } from './writer/fair-turns.ts'
import {
  beginWrite,
  commit,
  commitGroup,
  rollback,
  runBatch,
  runInterruptibly,
  type WriteContext,
} from './writer/group-commit.ts'
import { pollWhileBusy, takeBusyWaitMs } from './writer/poll-while-busy.ts'

/** A reply whose result is not packed yet. */
type Answer =
  | Extract<Reply, { readonly error: unknown }>
  | (Answered & { readonly result: Operations[Operation]['result'] })
type SendAhead = (ahead: Ahead['ahead']) => void
interface Job {
  /** What the slot calls it while it runs. */
  readonly run: number
  readonly sendAhead: SendAhead
}
type Handlers = {
  readonly [O in Operation]: (argument: Operations[O]['argument'], job: Job) => Operations[O]['result']
}

const port = parentPort
if (port === null)
  throw new InitializationError({
    connection: 'worker',
    reason: 'this module is a thread’s entry',
    advice: 'Import "noormme" instead.',
  })

const { options, slot: memory } = workerData as ThreadData

try {
  const connection = await Connection.open(options)
  const { busyTimeout } = options.settings
  const slot = new RunSlot(memory)
  const handlers = createHandlers({ connection, turns: new FairTurns(), busyTimeout, slot })
  const reporter = new PageCacheReporter(connection.native, (report) => port.postMessage(report))
  port.on('message', (request: Request) => {
    if (request.op === 'close') reporter.end()
    send(answer(connection, handlers, request))
    if (request.op === 'close') port.close()
    else reporter.worked()
  })
  const { pragmas, sqliteVersion, nativeFacts: native } = connection
  greet({ opened: { pragmas, sqliteVersion, native, pageCache: connection.native?.counters() ?? null } })
} catch (error) {
  greet({ failed: toWire(error) })
}

function greet(greeting: Greeting): void {
  port?.postMessage(greeting)
}

function send(answer: Answer): void {
  if ('error' in answer) {
    port?.postMessage(answer)
  } else {
    const handedOver = pack(answer.result)
    port?.postMessage({ ...answer, result: flatten(answer.result) } satisfies Reply, handedOver)
  }
}

function answer(connection: Connection, handlers: Handlers, { id, op, argument }: Request): Answer {
  try {
    const sendAhead: SendAhead = (ahead) => {
      port?.postMessage({ id, ahead } satisfies Ahead, ahead.blocks.flatMap(buffersOf))
    }
    const handler = handlers[op] as (argument: unknown, job: Job) => Operations[Operation]['result']
    const result = handler(unpackArgument(argument), { run: runOf(id), sendAhead })
    return { id, result, inTransaction: op !== 'close' && connection.inTransaction, busyMs: takeBusyWaitMs() }
  } catch (error) {
    return { id, error: toWire(error), inTransaction: connection.inTransaction, busyMs: takeBusyWaitMs() }
  }
}

function createHandlers(context: WriteContext): Handlers {
  const { connection, slot } = context
  const { path } = connection
  const cursors = new Cursors(connection, slot)
  const frames = (): number | null => lookAtLog(connection)?.frames ?? null
  const capture = new Capture({ path, hold: () => LogHold.open(path), frames })
  const copy = new ThreadCopy(connection)
  const hash = new FileHash(path)
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
  return {
    read: (statement, { run, sendAhead }) => cursors.reading(run, () => sendRead(connection, statement, sendAhead)),
    alone: ({ sql, parameters, waitMs }, { run }) => {
      const reads = connection.isReadonly(sql)
      if (!reads) connection.assertInPlace()
      const work = () => connection.write(sql, parameters)
      return pollWhileBusy(() => slot.during(run, reads ? 'reads' : 'writes', work), { connection, waitMs })
    },
    run: ({ sql, parameters }, { run }) => {
      const work = () => connection.write(sql, parameters)
      return inside(() =>
        connection.isReadonly(sql) ? slot.during(run, 'reads', work) : runInterruptibly(context, run, work),
      )
    },
    batch: (statements, { run }) =>
      inside(() => runInterruptibly(context, run, () => runBatch(connection, statements))),
    group: ({ items, waitMs }, { run }) => commitGroup(context, items, { waitMs, firstRun: run }),
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
      cursors.closeAll()
      if (connection.inTransaction) rollback(context)
      return null
    },
    savepoint: (name) => inside(() => control(`SAVEPOINT ${name}`)),
    release: (name) => inside(() => control(`RELEASE ${name}`)),
    rollbackTo: (name) => inside(() => control(`ROLLBACK TO ${name}`)),
    script: (script, { run }) => {
      const { statements, failure } = inside(() => slot.during(run, 'writes', () => runScript(connection, script)))
      if (isInterrupted(failure?.error) && connection.inTransaction) rollback(context)
      return { statements, failure: failure === null ? null : { ...failure, error: toWire(failure.error) } }
    },
    checkpoint: ({ mode, waitMs }) => checkpointWithin(connection, mode, waitMs),
    openCursor: ({ cursor, statement }, { run }) => {
      cursors.open(run, cursor, statement)
      return null
    },
    readCursor: ({ cursor, rows }, { run }) => cursors.read(run, cursor, rows),
    closeCursor: (cursor) => {
      cursors.close(cursor)
      return null
    },
    archive: (request) => capture.answer(request),
    beginCopy: (argument) => copy.begin(argument),
    copySlice: (argument) => copy.slice(argument),
    finishCopy: (argument) => copy.finish(argument),
    endCopy: () => copy.end(),
    hashFile: ({ bytes }) => hash.read(bytes),
    reloadSchema: () => {
      connection.reloadSchema()
      return null
    },
    close: ({ optimize, truncate }) => {
      cursors.closeAll()
      capture.close()
      copy.end()
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
