/** An engine on a fresh file, closed and removed after the test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { openEngine } from '../../src/engine/engine.ts'
import type { EngineOptions } from '../../src/engine/engine-options.ts'
import type { Engine } from '../../src/engine/types.ts'
import { DEFAULT_SETTINGS, engineOptions } from './engine-options.ts'

export { DEFAULT_SETTINGS, engineOptions } from './engine-options.ts'

export type EngineKind = 'wal' | 'delete' | 'memory'

export interface TestEngine {
  readonly engine: Engine
  readonly folder: string
  readonly path: string
}

export async function openTestEngine(
  kind: EngineKind = 'wal',
  overrides: Partial<EngineOptions> = {},
): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-'))
  const path = kind === 'memory' ? ':memory:' : join(folder, 'test.db')
  const settings = { ...DEFAULT_SETTINGS, enableWALMode: kind === 'wal', ...overrides.settings }
  const engine = await openEngine(engineOptions(path, { ...overrides, settings }))
  onTestFinished(async () => {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { engine, folder, path }
}

/** The rows of a statement. */
export async function rowsOf(
  executor: Pick<Engine, 'execute'>,
  sql: string,
  ...parameters: unknown[]
): Promise<unknown[]> {
  return (await executor.execute({ sql, parameters })).rows
}
