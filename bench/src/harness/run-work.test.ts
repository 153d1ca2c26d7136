import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { lanesOf } from '../work.ts'
import { startUp } from '../works/start-up.ts'
import { type RunOptions, runWork } from './run-work.ts'

let folder: string
let options: RunOptions

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noormme-bench-test-'))
  options = { size: 'quick', rounds: 2, unfit: new Map(), folder, command: 'npm run bench' }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('a lane that fails is named with its reason, and the others are measured', async () => {
  const lanes = lanesOf(['better-sqlite3', 'noormme caching'], { file: 'empty' })
  const { lanes: measured, failed } = await runWork({ ...startUp, lanes }, options)

  expect(failed).toEqual({ 'noormme caching': 'there is no program with noormme caching' })
  expect(Object.keys(measured)).toEqual(['better-sqlite3'])
  expect(measured['better-sqlite3']?.totalMs).toHaveLength(2)
})

it('a contestant that is unfit is not run', async () => {
  const lanes = lanesOf(['better-sqlite3'], { file: 'empty' })
  const unfit = new Map([['better-sqlite3', 'answers differently: findAll']] as const)
  const record = await runWork({ ...startUp, lanes }, { ...options, unfit })

  expect(record).toMatchObject({ lanes: {}, failed: { 'better-sqlite3': 'answers differently: findAll' } })
})

it('lanes with few rounds take part in the first of them, unless rounds are asked for', async () => {
  const lanes = lanesOf(['better-sqlite3', 'node:sqlite'], { file: 'empty' })
  const work = { ...startUp, lanes, rounds: { quick: 2, full: 2 } }
  const few = await runWork(work, { ...options, rounds: null })
  const asked = await runWork(work, options)

  expect(few.lanes['better-sqlite3']?.totalMs).toHaveLength(2)
  expect(few.lanes['node:sqlite']?.totalMs).toHaveLength(1)
  expect(asked.lanes['node:sqlite']?.totalMs).toHaveLength(2)
})
