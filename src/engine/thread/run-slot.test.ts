/** The lock between a thread that goes on to its next statement and an interrupt that is on its way to the one before. */
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { RunSlot, runOf } from './run-slot.ts'

/** Cells by which the test and the thread wait for each other. */
const FIRST_MAY_END = 0
const SECOND_HAS_BEGUN = 1
const SECOND_MAY_END = 2
const DONE = 3

/** Runs 1 and then 2, each until it may end. */
const PROGRAM = `
import { workerData } from 'node:worker_threads'
const { RunSlot } = await import(workerData.module)
const slot = new RunSlot(workerData.memory)
const cells = new Int32Array(workerData.cells)
const pass = (cell) => { Atomics.wait(cells, cell, 0) }
const say = (cell) => { Atomics.store(cells, cell, 1); Atomics.notify(cells, cell) }
slot.during(1, 'reads', () => pass(${FIRST_MAY_END}))
const interrupted = slot.interrupted
slot.during(2, 'writes', () => { say(${SECOND_HAS_BEGUN}); pass(${SECOND_MAY_END}) })
Atomics.store(cells, ${DONE}, interrupted ? 2 : 1)
Atomics.notify(cells, ${DONE})
`

function start() {
  const slot = new RunSlot()
  const cells = new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT))
  const open = (cell: number): void => {
    Atomics.store(cells, cell, 1)
    Atomics.notify(cells, cell)
  }
  const program = new URL(`data:text/javascript,${encodeURIComponent(PROGRAM)}`)
  const module = new URL('run-slot.ts', import.meta.url).href
  const worker = new Worker(program, { workerData: { module, memory: slot.memory, cells: cells.buffer } })
  onTestFinished(async () => {
    open(FIRST_MAY_END)
    open(SECOND_MAY_END)
    await worker.terminate()
  })
  const running = async (run: number): Promise<void> => {
    await expect.poll(() => slot.current, { timeout: 20_000 }).toBe(run)
  }
  /** Whether the first was interrupted, when both have ended. */
  const ended = async (): Promise<boolean> => {
    await Atomics.waitAsync(cells, DONE, 0).value
    return Atomics.load(cells, DONE) === 2
  }
  return { slot, cells, open, running, ended }
}

test('a run that ends while its interrupt is on its way waits for it: with the exchange taken out, the interrupt meets the next', async () => {
  const { slot, cells, open, running, ended } = start()
  await running(1)
  let metSecond: boolean | null = null

  const sent = slot.interrupt(1, 'statement', () => {
    open(FIRST_MAY_END)
    // Until the thread stands at the end of the first; or, unprotected, is in the second. A waiting thread is woken in vain.
    const waits = (): boolean => Atomics.notify(new Int32Array(slot.memory), 0) > 0
    while (!waits() && Atomics.load(cells, SECOND_HAS_BEGUN) === 0) {}
    metSecond = Atomics.load(cells, SECOND_HAS_BEGUN) === 1
    return true
  })

  expect(sent).toBe(true)
  expect(metSecond).toBe(false)
  await running(2)
  open(SECOND_MAY_END)
  expect(await ended()).toBe(true)
})

test('a run that has ended is not interrupted, and neither is the one in its place', async () => {
  const { slot, open, running, ended } = start()
  await running(1)
  open(FIRST_MAY_END)
  await running(2)

  expect(slot.interrupt(1, 'connection', () => expect.fail('an interrupt was sent'))).toBe(false)

  open(SECOND_MAY_END)
  expect(await ended()).toBe(false)
  expect(slot.current).toBe(null)
})

test('what is not in its scope is not interrupted', async () => {
  const { slot, open, running } = start()
  open(FIRST_MAY_END)
  await running(2)
  expect(slot.interrupt(2, 'read', () => true)).toBe(false)
  expect(slot.interrupt(2, 'statement', () => true)).toBe(true)
})

test('an interrupt for a connection that is gone changes nothing', () => {
  const slot = new RunSlot()
  slot.during(1, 'beside', () => {
    expect(slot.interrupt(1, 'statement', () => true)).toBe(false)
    expect(slot.interrupt(1, 'connection', () => false)).toBe(false)
    expect(slot.current).toBe(1)
  })
  expect(slot.interrupted).toBe(false)
})

test('runs are told apart however many there have been', () => {
  const slot = new RunSlot()
  for (const request of [0, 2 ** 27 - 1, 2 ** 31, 2 ** 40 + 7]) {
    const run = runOf(request)
    slot.during(run, 'writes', () => {
      expect(slot.current).toBe(run)
      expect(slot.interrupt(runOf(request + 1), 'connection', () => true)).toBe(false)
      expect(slot.interrupt(run, 'statement', () => true)).toBe(true)
    })
    expect(slot.interrupted).toBe(true)
    expect(slot.current).toBe(null)
  }
})
