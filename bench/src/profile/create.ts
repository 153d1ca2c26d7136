/** One row created: the way to the thread and back, what the thread does, and the whole as its caller sees it. */
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { RunSlot } from '../../../src/engine/thread/run-slot.ts'
import { flatten, packArgument } from '../../../src/engine/thread/travelling-group.ts'
import { FairTurns } from '../../../src/engine/writer/fair-turns.ts'
import { commitGroup } from '../../../src/engine/writer/group-commit.ts'
import { Connection } from '../../../src/sqlite/connection.ts'
import { findNativeBinary } from '../../../src/sqlite/native-binary.ts'
import { openBetterSqlite3 } from '../contestants/better-sqlite3.ts'
import { openDriver } from '../contestants/driver.ts'
import { openNoormme } from '../contestants/noormme.ts'
import type { Client, OpenClient, Synchronous } from '../contestants/types.ts'
import { fileForTrial, prepareFile } from '../files/files.ts'
import { makeItem } from '../files/items.ts'
import { warmLog } from '../measure/warm-log.ts'
import { printTimings, processorTime, type Stages, timeStages } from './stages.ts'

const NAMES = ['artist_id', 'title', 'price', 'likes', 'status', 'created_at'] as const
const ALL = ['id', ...NAMES]
const INSERT = `INSERT INTO items (${NAMES.join(', ')}) VALUES (?, ?, ?, ?, ?, ?) RETURNING ${ALL.join(', ')}`
const CALLS = 2000
const ECHO =
  "const { parentPort } = require('node:worker_threads'); parentPort.on('message', (m) => parentPort.postMessage(m))"

function values(index: number): (string | number)[] {
  const item = makeItem(index)
  return NAMES.map((name) => item[name])
}

const group = (index: number) => ({
  items: [{ statements: [{ sql: INSERT, parameters: values(index) }], atomic: false }],
  waitMs: 5000,
})
const outcome = (index: number) => {
  const rows = [[index, ...values(index)]]
  const results = [{ columns: ALL, rows, changes: 1, lastInsertRowid: index, ms: 0.01 }]
  return { outcomes: [{ results }], commits: 1, busy: null, broken: false }
}

export async function create(folder: string): Promise<void> {
  await prepareFile(folder, 'items')
  await trip()
  await onTheThread(await fileForTrial(folder, 'items', 'thread'))
  for (const synchronous of ['NORMAL', 'FULL'] as const) {
    await whole(folder, synchronous)
  }
}

/** Messages by themselves, and a question with its answer. */
async function trip(): Promise<void> {
  const { port1, port2 } = new MessageChannel()
  const clone = (message: unknown): void => {
    port1.postMessage(message)
    receiveMessageOnPort(port2)
  }
  const worker = new Worker(ECHO, { eval: true })
  const ask = (message: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      worker.once('message', resolve)
      worker.postMessage(message)
    })
  const request = { id: 1, op: 'group', argument: group(1) }
  const reply = { id: 1, result: outcome(1), inTransaction: false }
  const packed = { ...request, argument: packArgument(request.argument) }
  const many = { items: Array.from({ length: 100 }, (_, index) => group(index).items).flat(), waitMs: 5000 }
  const results = Array.from({ length: 100 }, (_, index) => outcome(index).outcomes).flat()
  const outcomes = { ...outcome(1), outcomes: results }
  const stages: Stages = {
    'a write as objects, sent and received': () => clone(request),
    'a write as an array': () => clone(packed),
    'an outcome as objects': () => clone(reply),
    'an outcome as an array': () => clone({ ...reply, result: flatten(reply.result) }),
    'a hundred writes as objects': () => clone(many),
    'a hundred writes as arrays': () => clone(packArgument(many)),
    'a hundred outcomes as objects': () => clone(outcomes),
    'a hundred outcomes as arrays': () => clone(flatten(outcomes)),
    'a question and its answer, empty': () => ask(1),
    'a question and its answer, of that size': () => ask(packed),
  }
  printTimings('messages', await timeStages(stages, CALLS))
  port1.close()
  await worker.terminate()
}

/** What happens between the question and the answer, without any thread. */
async function onTheThread(path: string): Promise<void> {
  const driver = openDriver(path, 'NORMAL')
  driver.pragma('wal_autocheckpoint = 0')
  const [insert, begin, commit] = [INSERT, 'BEGIN IMMEDIATE', 'COMMIT'].map((sql) => driver.prepare(sql))
  const settings = {
    enableWALMode: true,
    enableForeignKeys: true,
    cacheSize: -64_000,
    synchronous: 'NORMAL',
    tempStore: 'MEMORY',
    busyTimeout: 5000,
    mmapSize: 0,
    journalSizeLimit: null,
    checkpoint: 'managed',
    pageSize: null,
    autoVacuum: null,
    stablePlans: true,
  } as const
  const extensions = { libraries: [], setup: null }
  const native = findNativeBinary()
  const connection = await Connection.open({ label: 'writer', role: 'writer', path, settings, extensions, native })
  const context = { connection, turns: new FairTurns(), busyTimeout: 5000, slot: new RunSlot() }
  let index = 0
  const stages: Stages = {
    'the driver: INSERT … RETURNING by itself': () => insert?.get(...values(index++)),
    'the driver: BEGIN IMMEDIATE, the same, COMMIT': () => {
      begin?.run()
      insert?.get(...values(index++))
      commit?.run()
    },
    'the thread: a group of one': () => commitGroup(context, group(index++).items, { waitMs: 5000, firstRun: 1 }),
    'of that: is the file still there (two stat)': () => connection.assertInPlace(),
    'empties the log, so that it does not grow': () => void driver.pragma('wal_checkpoint(TRUNCATE)'),
  }
  printTimings('on the writer’s thread, NORMAL', await timeStages(stages, CALLS))
  connection.close()
  driver.close()
}

async function whole(folder: string, synchronous: Synchronous): Promise<void> {
  const open = async (client: OpenClient, name: string): Promise<Client> => {
    const path = await fileForTrial(folder, 'items', `${name}-${synchronous}`)
    const opened = await client(path, synchronous)
    await warmLog(opened, path)
    return opened
  }
  const driver = await open(openBetterSqlite3, 'driver')
  const noormme = await open(openNoormme, 'noormme')
  let index = 0
  const run = (): unknown => noormme.create(makeItem(index++))
  const stages: Stages = { 'the driver': () => driver.create(makeItem(index++)), create: run }
  printTimings(`as its caller sees it, ${synchronous}`, await timeStages(stages, CALLS / 4))
  const { main, all } = await processorTime(CALLS, async () => {
    for (let call = 0; call < CALLS; call++) await run()
  })
  console.log(`processor time: main thread ${main.toFixed(1)} µs, all threads ${all.toFixed(1)} µs`)
  await noormme.close()
  await driver.close()
}
