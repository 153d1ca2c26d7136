/** What the connections really have: the PRAGMAs that SQLite reported when each was opened, in words. */
import type { ConnectionStatus } from '../engine/types.ts'
import type { ConnectionPragmas } from '../sqlite/settings.ts'
import type { SettingsNow } from './types.ts'

interface Opened {
  readonly label: string
  readonly pragmas: ConnectionPragmas
}

const MEANINGS: { readonly [Name in keyof ConnectionPragmas]?: (pragmas: ConnectionPragmas) => string } = {
  journal_mode: ({ journal_mode }) =>
    `journal_mode is ${journal_mode}${journal_mode === 'wal' ? ', so reads run beside a write' : ''}`,
  synchronous: ({ synchronous }) => `synchronous is ${synchronous}`,
  foreign_keys: ({ foreign_keys }) => `foreign_keys is ${foreign_keys ? 'on' : 'off'}`,
  cache_size: ({ cache_size }) =>
    `cache_size is ${cache_size} (${cache_size < 0 ? `${-cache_size} KiB` : `${cache_size} pages`})`,
  temp_store: ({ temp_store }) => `temp_store is ${temp_store}`,
  mmap_size: ({ mmap_size }) => `mmap_size is ${mmap_size} bytes`,
  journal_size_limit: ({ journal_size_limit }) =>
    `journal_size_limit is ${journal_size_limit}${journal_size_limit < 0 ? ' (none)' : ' bytes'}`,
  query_only: ({ query_only }) => `query_only is ${query_only ? 'on' : 'off'}`,
  page_size: ({ page_size }) => `page_size is ${page_size} bytes`,
  auto_vacuum: ({ auto_vacuum }) => `auto_vacuum is ${auto_vacuum}`,
}

/** A sentence for each setting and value, with the labels of the connections that have it. */
export function describeApplied(connections: readonly ConnectionStatus[]): string[] {
  const opened = openedOf(connections)
  return Object.values(MEANINGS).flatMap((meaning) =>
    [...Map.groupBy(opened, ({ pragmas }) => meaning(pragmas))].map(
      ([sentence, group]) => `${sentence} (${group.map(({ label }) => label).join(', ')})`,
    ),
  )
}

/** As the writer has it, under the names of the configuration; empty while it has not been opened. */
export function currentSettings(connections: readonly ConnectionStatus[]): Partial<SettingsNow> {
  const pragmas = writerPragmas(connections)
  if (pragmas === null) return {}
  return {
    enableWALMode: pragmas.journal_mode === 'wal',
    enableForeignKeys: pragmas.foreign_keys,
    cacheSize: pragmas.cache_size,
    synchronous: pragmas.synchronous,
    tempStore: pragmas.temp_store,
    mmapSize: pragmas.mmap_size,
    journalSizeLimit: pragmas.journal_size_limit,
    pageSize: pragmas.page_size,
    autoVacuum: pragmas.auto_vacuum,
  }
}

/** The writer is the connection whose settings decide what becomes of data. */
export function writerPragmas(connections: readonly ConnectionStatus[]): ConnectionPragmas | null {
  return connections.find(({ label }) => label === 'writer')?.pragmas ?? null
}

function openedOf(connections: readonly ConnectionStatus[]): Opened[] {
  return connections.flatMap(({ label, pragmas }) => (pragmas === null ? [] : { label, pragmas }))
}
