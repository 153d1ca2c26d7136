/**
 * Which PRAGMAs may be sent as statements: those that only read (https://sqlite.org/pragma.html). A PRAGMA that sets
 * something would change one connection of several, and is refused with the configuration key that sets it on all.
 */
import { unquote } from './tokenizer.ts'

/** Read something by name or argument; the argument sets nothing. */
const INSPECTING = new Set([
  'collation_list',
  'compile_options',
  'database_list',
  'foreign_key_check',
  'foreign_key_list',
  'function_list',
  'index_info',
  'index_list',
  'index_xinfo',
  'integrity_check',
  'module_list',
  'pragma_list',
  'quick_check',
  'table_info',
  'table_list',
  'table_xinfo',
])

/** Read a setting when they stand alone. The value is what sets it for every connection. */
const SETTINGS: ReadonlyMap<string, string> = new Map([
  ['application_id', 'Set it in a migration file.'],
  ['auto_vacuum', 'Set optimization.autoVacuum.'],
  ['busy_timeout', 'Set optimization.busyTimeout.'],
  ['cache_size', 'Set optimization.cacheSize.'],
  ['data_version', ''],
  ['defer_foreign_keys', 'Declare the foreign key DEFERRABLE INITIALLY DEFERRED, or set it in a migration file.'],
  ['encoding', ''],
  ['foreign_keys', 'Set optimization.enableForeignKeys.'],
  ['freelist_count', ''],
  ['journal_mode', 'Set optimization.enableWALMode.'],
  ['journal_size_limit', 'Set optimization.journalSizeLimit.'],
  ['max_page_count', ''],
  ['mmap_size', 'Set optimization.mmapSize.'],
  ['page_count', ''],
  ['page_size', 'Set optimization.pageSize.'],
  ['query_only', ''],
  ['recursive_triggers', ''],
  ['schema_version', ''],
  ['secure_delete', ''],
  ['synchronous', 'Set optimization.synchronous.'],
  ['temp_store', 'Set optimization.tempStore.'],
  ['trusted_schema', ''],
  ['user_version', 'Set it in a migration file.'],
  ['wal_autocheckpoint', 'The engine checkpoints by itself.'],
])

/** Kept in the file and part of the transaction, or ending with it: harmless in a migration, which runs on the writer. */
const SCRIPT_SETTABLE = new Set(['application_id', 'defer_foreign_keys', 'user_version'])

const ONLY_READING = 'PRAGMAs that set something would change one connection of several; only those that read are run.'

/** Why this PRAGMA is refused, or `null` when it only reads. `texts` are the statement's tokens, `PRAGMA` first. */
export function pragmaRefusal(texts: readonly string[]): { statement: string; instead: string } | null {
  const { name, argument } = parse(texts)
  if (INSPECTING.has(name)) return null
  const setting = SETTINGS.get(name)
  if (setting !== undefined && !argument) return null
  const instead = setting === undefined || setting === '' ? ONLY_READING : setting
  return { statement: `PRAGMA ${name}${argument ? ' with a value' : ''}`, instead }
}

/** Whether a migration script may run this PRAGMA although it sets something. */
export function settableInScript(texts: readonly string[]): boolean {
  return SCRIPT_SETTABLE.has(parse(texts).name)
}

function parse(texts: readonly string[]): { name: string; argument: boolean } {
  const start = texts[2] === '.' ? 3 : 1
  const name = unquote(texts[start] ?? '').toLowerCase()
  return { name, argument: texts.length > start + 1 }
}
