/**
 * A `setup` module by which `gate('name')` is an SQL function: it says that it has been reached, and does not return
 * before the test opens that gate. So a test decides which statement is running while something else happens.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tempFolder } from './temp-folder.ts'

const SETUP = `
import { existsSync, writeFileSync } from 'node:fs'
const cell = new Int32Array(new SharedArrayBuffer(4))
export default (connection) => connection.function('gate', OPTIONS, (name) => {
  writeFileSync(FOLDER + '/' + name + '.reached', '')
  while (!existsSync(FOLDER + '/' + name + '.open') && !existsSync(FOLDER + '/all.open')) Atomics.wait(cell, 0, 0, 1)
  return 1
})
`

export interface GateModule {
  /** Its path. */
  readonly setup: string
  /** Resolves when a statement stands at the gate. */
  reached(name: string): Promise<void>
  open(name: string): void
}

/**
 * `deterministic`: SQLite is told that the same gate always gives the same, which is true of what it returns.
 *
 * Whoever uses it opens `all` after the test, before what stands at a gate is closed.
 */
export function gateModule(options: { readonly deterministic?: boolean } = {}): GateModule {
  const gates = tempFolder()
  const setup = join(gates, 'setup.mjs')
  writeFileSync(setup, SETUP.replaceAll('FOLDER', JSON.stringify(gates)).replace('OPTIONS', JSON.stringify(options)))
  const open = (name: string): void => writeFileSync(join(gates, `${name}.open`), '')
  const reached = async (name: string): Promise<void> => {
    while (!existsSync(join(gates, `${name}.reached`))) await sleep(1)
  }
  return { setup, open, reached }
}
