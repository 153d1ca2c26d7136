/** Statistics for the query planner, and how the file uses its pages. */
import { writerPragmas } from './applied-optimizations.ts'
import type { AdviceFacts, Recommendation } from './types.ts'

const MIB = 1024 * 1024

/** Bytes: in a smaller file a badly chosen index costs next to nothing. */
export const STATISTICS_MATTER_BYTES = MIB
/** Free pages are used again by later writes; giving them back is worth a VACUUM from this share and size on. */
export const FREE_SHARE = 0.25
export const FREE_BYTES = 16 * MIB
/** Bytes: SQLite's own default, and the block of most disks. https://sqlite.org/pgszchng2016.html */
export const USUAL_PAGE_BYTES = 4096
/** Bytes: below this the whole file is soon in memory, whatever its pages are. */
export const PAGE_SIZE_MATTERS_BYTES = 16 * MIB

export function adviseStorage(facts: AdviceFacts): Recommendation[] {
  return [adviseStatistics(facts), adviseFreePages(facts), advisePageSize(facts), adviseAutoVacuum(facts)].filter(
    (each) => each !== null,
  )
}

/** https://sqlite.org/lang_analyze.html */
function adviseStatistics({ schema, storage }: AdviceFacts): Recommendation | null {
  const indexes = schema.tables.reduce((sum, table) => sum + table.indexes.length, 0)
  if (storage.hasStatistics || indexes === 0) return null
  const fileBytes = storage.pageSize * storage.pageCount
  return {
    id: 'statistics-missing',
    severity: fileBytes >= STATISTICS_MATTER_BYTES ? 'medium' : 'info',
    title: 'Gather statistics for the query planner',
    why: 'Without them SQLite assumes the same of every index and may choose the wrong one. They are read when a connection opens, so restart the application afterwards.',
    evidence: { indexes, fileBytes },
    sql: 'ANALYZE',
    undo: 'DROP TABLE IF EXISTS sqlite_stat1; DROP TABLE IF EXISTS sqlite_stat4',
  }
}

/** https://sqlite.org/lang_vacuum.html */
function adviseFreePages({ storage }: AdviceFacts): Recommendation | null {
  const { pageSize, pageCount, freePages } = storage
  const freeBytes = pageSize * freePages
  if (freePages <= pageCount * FREE_SHARE || freeBytes <= FREE_BYTES) return null
  const percent = Math.round((freePages / pageCount) * 100)
  return {
    id: 'free-pages',
    severity: 'low',
    title: `Give ${freeBytes} bytes back to the file system`,
    why: `${percent} % of the file are free pages. VACUUM rewrites the file without them; it needs up to twice the size of the file as free disk space, and other writes wait until it is done.`,
    evidence: { freePages, pageCount, freeBytes, fileBytes: pageSize * pageCount },
    sql: 'VACUUM',
  }
}

/** https://sqlite.org/pragma.html#pragma_page_size */
function advisePageSize({ storage }: AdviceFacts): Recommendation | null {
  const { pageSize, pageCount } = storage
  const fileBytes = pageSize * pageCount
  if (pageSize >= USUAL_PAGE_BYTES || fileBytes < PAGE_SIZE_MATTERS_BYTES) return null
  const change = (bytes: number): string => `PRAGMA journal_mode = DELETE; PRAGMA page_size = ${bytes}; VACUUM`
  return {
    id: 'page-size-small',
    severity: 'info',
    title: `Rewrite the file with pages of ${USUAL_PAGE_BYTES} bytes`,
    why: `Its pages have ${pageSize} bytes, so each read of the disk brings less than a disk block, and large rows are spread over more pages. A page size changes only outside of WAL mode, by a VACUUM.`,
    evidence: { pageSize, pageCount, fileBytes },
    shell: change(USUAL_PAGE_BYTES),
    undo: change(pageSize),
  }
}

/** https://sqlite.org/pragma.html#pragma_auto_vacuum */
function adviseAutoVacuum({ stats, storage }: AdviceFacts): Recommendation | null {
  if (writerPragmas(stats.connections)?.auto_vacuum !== 'FULL') return null
  return {
    id: 'auto-vacuum-full',
    severity: 'info',
    title: 'Consider the file without auto_vacuum',
    why: 'With auto_vacuum FULL every commit that frees pages moves others into their place: more is written, and tables are spread over the file. Without it freed pages are used again by later writes.',
    evidence: { autoVacuum: 'FULL', pageCount: storage.pageCount, freePages: storage.freePages },
    shell: 'PRAGMA auto_vacuum = NONE; VACUUM',
    undo: 'PRAGMA auto_vacuum = FULL; VACUUM',
  }
}
