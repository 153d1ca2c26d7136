/** What tests open an engine with, where they do not say otherwise. Imports nothing at run time: programs use it too. */
import type { EngineOptions } from '../../src/engine/engine-options.ts'

export const DEFAULT_SETTINGS: EngineOptions['settings'] = {
  enableWALMode: true,
  enableForeignKeys: true,
  cacheSize: -8000,
  synchronous: 'FULL',
  tempStore: 'MEMORY',
  busyTimeout: 5000,
  mmapSize: 0,
  journalSizeLimit: 67_108_864,
  checkpoint: 'managed',
  pageSize: null,
  autoVacuum: null,
  stablePlans: null,
}

export function engineOptions(path: string, overrides: Partial<EngineOptions> = {}): EngineOptions {
  return {
    path,
    settings: DEFAULT_SETTINGS,
    explicitWAL: false,
    extensions: { libraries: [], setup: null },
    native: process.env.NOORMME_NATIVE !== '0',
    readers: 4,
    inlineReadBudgetMs: 1,
    transactionTimeoutMs: 20_000,
    statementTimeoutMs: 30_000,
    maxQueuedWrites: 100_000,
    maxQueuedBytes: 64 * 2 ** 20,
    walLimitBytes: 64 * 2 ** 20,
    cache: null,
    archive: null,
    // What happens by itself after a second must not be taken for the doing of a test.
    autoOptimize: false,
    ...overrides,
  }
}
