/**
 * The migration files of a folder, in the order in which they are applied.
 *
 * A migration is `<number>_<name>.sql`: `0001_users.sql`, `20260101120000_add_prices.sql`. The number alone orders, as a
 * number, so `2_b.sql` comes before `10_a.sql`. A file that ends in `.sql` and is named otherwise is refused, because it
 * would silently never run; every other file, hidden ones and folders are none of our business.
 */
import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MigrationError } from '../errors.ts'

export interface MigrationFile {
  /** Its file name: `0001_users.sql`. */
  readonly name: string
  readonly number: bigint
  /** Its text without byte order mark, lines ended by `\n`. */
  readonly sql: string
  /** SHA-256 of `sql`, in hexadecimal: the same whatever line endings a checkout has. */
  readonly checksum: string
}

const NAME = /^(\d+)[_-][^/]+\.sql$/
const REVERSAL = /^[ \t]*--[ \t]*(?:down|migrate:down|\+(?:goose|migrate) down|rollback|undo)\b[ \t]*$/im

/**
 * Reads them all; contents are checked as far as that needs no database.
 *
 * @throws MigrationError for a folder that cannot be read, a name that is no migration's, a number given twice, a text
 *   that is not UTF-8 or has a section for reverting.
 */
export async function readMigrationFolder(folder: string): Promise<MigrationFile[]> {
  const names = await listSqlFiles(folder)
  const files = await Promise.all(names.map((name) => readMigration(folder, name)))
  files.sort((a, b) => (a.number < b.number ? -1 : 1))
  for (const [index, file] of files.entries()) {
    const previous = files[index - 1]
    if (previous?.number !== file.number) continue
    const [first, second] = [previous.name, file.name].sort()
    throw new MigrationError({
      file: String(second),
      reason: `it has the same number as ${first}, so nothing says which comes first`,
      advice: 'Give one of them the next free number.',
    })
  }
  return files
}

/** The number of a migration's name, or `null` for a name that is none. */
export function migrationNumber(name: string): bigint | null {
  const digits = NAME.exec(name)?.[1]
  return digits === undefined ? null : BigInt(digits)
}

async function listSqlFiles(folder: string): Promise<string[]> {
  let entries: Dirent[]
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : String(cause)
    const reasons: Record<string, string> = { ENOENT: 'there is no such folder', ENOTDIR: 'it is not a folder' }
    throw new MigrationError(
      {
        file: folder,
        reason: reasons[String(code)] ?? `the folder cannot be read (${code})`,
        advice: 'Give the folder that holds the migration files; a relative path starts at the working directory.',
      },
      { cause },
    )
  }
  const named = entries.filter(({ name }) => !name.startsWith('.') && /\.sql$/i.test(name))
  const isFile = async (entry: Dirent): Promise<boolean> =>
    entry.isSymbolicLink() ? (await stat(join(folder, entry.name))).isFile() : entry.isFile()
  const kept = await Promise.all(named.map(isFile))
  return named.filter((_, index) => kept[index]).map(({ name }) => name)
}

async function readMigration(folder: string, name: string): Promise<MigrationFile> {
  const number = migrationNumber(name)
  if (number === null) {
    throw new MigrationError({
      file: name,
      reason: 'its name is not that of a migration, so it would never run',
      advice: 'Name it <number>_<name>.sql, such as 0001_users.sql, or keep it in another folder.',
    })
  }
  const sql = decode(name, await readFile(join(folder, name)))
  const reversal = REVERSAL.exec(sql)
  if (reversal !== null) {
    throw new MigrationError({
      file: name,
      line: lineOf(sql, reversal.index),
      reason: 'a section for reverting would run together with the rest',
      advice: 'Remove the section. To undo a migration write another one that does; back up first.',
    })
  }
  return { name, number, sql, checksum: createHash('sha256').update(sql).digest('hex') }
}

function decode(name: string, bytes: Uint8Array): string {
  let text: string
  try {
    // Drops the byte order mark.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new MigrationError(
      { file: name, reason: 'it is not UTF-8', advice: 'Save it as UTF-8; nothing of it was applied.' },
      { cause },
    )
  }
  const sql = text.replace(/\r\n?/g, '\n')
  const nul = sql.indexOf('\0')
  if (nul === -1) return sql
  throw new MigrationError({
    file: name,
    line: lineOf(sql, nul),
    reason: 'it has a NUL character, where SQLite would stop reading',
  })
}

/** 1-based line of an offset. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
