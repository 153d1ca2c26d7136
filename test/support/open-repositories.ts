/** A fresh database file behind a real engine, and repositories of its tables. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEngine } from '../../src/engine/engine.ts'
import type { EngineOptions } from '../../src/engine/engine-options.ts'
import type { Engine } from '../../src/engine/types.ts'
import { createRepository } from '../../src/repository/create-repository.ts'
import type { RepositoryContext } from '../../src/repository/repository-context.ts'
import type { Repository } from '../../src/repository/types.ts'
import { NO_RULES } from '../../src/repository/writing/table-rules.ts'
import { introspect } from '../../src/schema/introspect.ts'
import { findTable } from '../../src/schema/lookup.ts'
import { DEFAULT_SETTINGS, engineOptions } from './engine-options.ts'

export interface OpenRepositories extends AsyncDisposable {
  readonly engine: Engine
  readonly path: string
  /** A repository of the table as the schema is now. */
  repository<Row extends object = Record<string, unknown>>(
    table: string,
    context?: Partial<RepositoryContext>,
  ): Promise<Repository<Row>>
}

/**
 * Runs `statements` on a new file; everything is removed when the scope ends.
 *
 * @example
 * await using db = await openRepositories('CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT)')
 * const users = await db.repository('users')
 */
export async function openRepositories(...statements: readonly string[]): Promise<OpenRepositories> {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-repository-'))
  const path = join(folder, 'app.db')
  const settings: EngineOptions['settings'] = { ...DEFAULT_SETTINGS, synchronous: 'NORMAL' }
  const engine = await openEngine(engineOptions(path, { settings, readers: 2 }))
  for (const sql of statements) await engine.execute({ sql })
  return {
    engine,
    path,
    async repository<Row extends object>(table: string, context: Partial<RepositoryContext> = {}) {
      const schema = await introspect(engine)
      return createRepository<Row>(
        { executor: engine, dates: 'text', naming: 'stored', maxBatchSize: 1000, rulesOf: () => NO_RULES, ...context },
        { schema, table: findTable(schema, table) },
      )
    },
    async [Symbol.asyncDispose]() {
      await engine.close()
      rmSync(folder, { recursive: true })
    },
  }
}
