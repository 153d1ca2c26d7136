/**
 * An engine on whose connections `gate('name')` is an SQL function: it says that it has been reached, and does not return
 * before the test opens that gate. So a test decides which statement is running while something else happens.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { EngineOptions } from '../../src/engine/engine-options.ts'
import { type EngineKind, openTestEngine, type TestEngine } from './open-engine.ts'
import { tempFolder } from './temp-folder.ts'

const SETUP = `
import { existsSync, writeFileSync } from 'node:fs'
const cell = new Int32Array(new SharedArrayBuffer(4))
export default (connection) => connection.function('gate', {}, (name) => {
  writeFileSync(FOLDER + '/' + name + '.reached', '')
  while (!existsSync(FOLDER + '/' + name + '.open') && !existsSync(FOLDER + '/all.open')) Atomics.wait(cell, 0, 0, 1)
  return 1
})
`

export interface GatedEngine extends TestEngine {
  /** Resolves when a statement stands at the gate. */
  reached(name: string): Promise<void>
  open(name: string): void
}

/** Nothing is run on the event loop's thread, which a gate would block. All gates are opened after the test. */
export async function openGatedEngine(
  kind: EngineKind = 'wal',
  overrides: Partial<EngineOptions> = {},
): Promise<GatedEngine> {
  const gates = tempFolder()
  const setup = join(gates, 'setup.mjs')
  writeFileSync(setup, SETUP.replaceAll('FOLDER', JSON.stringify(gates)))
  const extensions = { libraries: [], setup }
  const test = await openTestEngine(kind, { inlineReadBudgetMs: 0, extensions, ...overrides })
  const open = (name: string): void => writeFileSync(join(gates, `${name}.open`), '')
  onTestFinished(() => open('all'))
  const reached = async (name: string): Promise<void> => {
    while (!existsSync(join(gates, `${name}.reached`))) await sleep(1)
  }
  return { ...test, open, reached }
}

/** A statement that stands at a gate until it is opened, and then gives one row. */
export const gate = (name: string) => ({ sql: `SELECT gate('${name}') AS passed` })
