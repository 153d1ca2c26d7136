/**
 * Lives of a database on a disk that fails, one for each number that `nths` names; `null` counts on until a life goes by
 * without a fault. Says a line of JSON for each life: what was acknowledged, what was refused and how, what is there.
 */
import { openSync, writeSync } from 'node:fs'
import { isNoormmeError, NOORMME } from '../../../src/index.ts'
import { prepareTables, WAYS, type WayName } from '../support/clients.ts'
import type { DiskFault, FailedWrite, Life } from '../support/failing-disk.ts'
import { judge, type Part, READ_UNITS, type UnitName, unit, unitName } from '../support/units.ts'

const { folder, fault, nths, early } = JSON.parse(process.argv[2] ?? '') as {
  readonly folder: string
  readonly fault: DiskFault
  readonly nths: readonly number[] | null
  readonly early: boolean
}

const orders = openSync(`${folder}/order.faults`, 'a')
const acks = openSync(`${folder}/told.acks`, 'a')

/** Gives the disk an order; to the last one, `-`, it answers how often it has failed. */
const order = (text: string): number => writeSync(orders, text)

/** What one life writes; the last is more than what is left in the log before it is copied into the file. */
const STEPS: readonly (readonly WayName[])[] = [
  ['create'],
  ['create'],
  Array.from({ length: 12 }, () => 'create' as const),
  ['batch', 'create', 'create'],
  ['transaction'],
  ['createMany', 'transaction', 'create'],
  ['createMany of several groups'],
  ['create'],
  ['transaction'],
]
const PAYLOAD_BYTES = 2000
/** Written when the fault is gone. */
const AFTERWARDS: readonly WayName[] = ['create', 'transaction', 'batch', 'createMany', 'create']

const codeOf = (error: unknown): string => (isNoormmeError(error) ? error.code : `not of the catalogue: ${error}`)

async function live(nth: number): Promise<Life> {
  const name = `${fault.on}-${nth}`
  const path = `${folder}/${name}.db`
  const acknowledged: UnitName[] = []
  const failed: FailedWrite[] = []
  const openings: string[] = []
  let db = new NOORMME(path)
  let client = 0

  const write = async (way: WayName): Promise<boolean> => {
    const number = ++client
    const { parts, write: run } = WAYS[way]
    const acknowledge = () => {
      acknowledged.push(unitName(number, 1))
      writeSync(acks, `${name} ${number}\n`)
    }
    try {
      const written = run(db, unit(number, 1, parts, PAYLOAD_BYTES))
      if (early) acknowledge()
      await written
      if (!early) acknowledge()
      return true
    } catch (error) {
      failed.push({ unit: unitName(number, 1), code: codeOf(error) })
      return false
    }
  }
  const open = async (): Promise<boolean> => {
    try {
      await db.initialize()
      await prepareTables(db)
      return true
    } catch (error) {
      openings.push(codeOf(error))
      return false
    }
  }

  order(`${fault.on} ${nth} ${fault.times} ${fault.errno}`)
  const opened = (await open()) || (await open())
  if (opened) for (const step of STEPS) await Promise.all(step.map(write))
  if (fault.times > 0) {
    await db.close()
    db = new NOORMME(path)
    if ((await open()) || (await open())) await write('create')
  }

  const fired = order('-')
  const reopened = await open()
  const recovered: boolean[] = []
  for (const way of AFTERWARDS) recovered.push(await write(way))
  const { whole, broken } = judge((await db.execute<Part>(READ_UNITS)).rows)
  const [check] = (await db.execute<{ integrity_check: string }>('PRAGMA integrity_check')).rows
  await db.close()
  return {
    name,
    fired,
    acknowledged,
    failed,
    openings,
    recovered: reopened && recovered.every(Boolean),
    visible: [...whole],
    broken,
    integrity: check?.integrity_check ?? '',
  }
}

if (nths === null) {
  for (let nth = 1, fired = 1; fired > 0; nth++) {
    const life = await live(nth)
    fired = life.fired
    process.stdout.write(`${JSON.stringify(life)}\n`)
  }
} else {
  for (const nth of nths) process.stdout.write(`${JSON.stringify(await live(nth))}\n`)
}
