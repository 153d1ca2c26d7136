/** An engine on a fresh file, closed and removed after the test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type EngineOptions, openEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/engine/types.ts'

export type EngineKind = 'wal' | 'delete' | 'memory'

export interface TestEngine {
  readonly engine: Engine
  readonly folder: string
  readonly path: string
}

export const DEFAULT_SETTINGS: EngineOptions['settings'] = {
  enableWALMode: true,
  enableForeignKeys: true,
  cacheSize: -8000,
  synchronous: 'FULL',
  tempStore: 'MEMORY',
  busyTimeout: 5000,
  mmapSize: 0,
  journalSizeLimit: 67_108_864,
  pageSize: null,
  autoVacuum: null,
}

export function engineOptions(path: string, overrides: Partial<EngineOptions> = {}): EngineOptions {
  return {
    path,
    settings: DEFAULT_SETTINGS,
    explicitWAL: false,
    extensions: { libraries: [], setup: null },
    readers: 4,
    inlineReadBudgetMs: 1,
    transactionTimeoutMs: 20_000,
    statementTimeoutMs: 30_000,
    maxQueuedWrites: 100_000,
    maxQueuedBytes: 64 * 2 ** 20,
    autoOptimize: true,
    ...overrides,
  }
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
