/** A NOORMME with gates, open, with a table `t`. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NOORMME, NoormmeConfig } from 'noormme'
import { onTestFinished } from 'vitest'
import { type GateModule, gateModule } from '../../support/gate-module.ts'
import { tempDatabase } from '../../support/temp-database.ts'

export interface GatedDatabase extends Omit<GateModule, 'setup'> {
  readonly db: NOORMME
  readonly folder: string
  readonly path: string
  /** A folder with one migration that has not been applied. */
  readonly migrations: string
  /** The values in `t`, in order of writing. */
  values(): Promise<unknown[]>
}

/** Nothing is read on the event loop's thread, which a gate would block, and nothing queued by itself. */
export async function openGatedDatabase(config: Omit<NoormmeConfig, 'connection'> = {}): Promise<GatedDatabase> {
  const { setup, ...gates } = gateModule()
  const performance = { inlineReadBudget: 0, transactionTimeout: 600_000, ...config.performance }
  const { db, folder, path } = tempDatabase({
    ...config,
    performance,
    setup,
    automation: { enableAutoOptimization: false },
  })
  onTestFinished(() => gates.open('all'))
  await db.execute('CREATE TABLE t (v)')
  const migrations = join(folder, 'migrations')
  mkdirSync(migrations)
  writeFileSync(join(migrations, '0001_notes.sql'), 'CREATE TABLE notes (text TEXT)')
  const values = async () => (await db.execute<{ v: unknown }>('SELECT v FROM t ORDER BY rowid')).rows.map(({ v }) => v)
  return { db, folder, path, migrations, values, ...gates }
}

export const insert = (v: number): [string, number[]] => ['INSERT INTO t VALUES (?)', [v]]
