/** A copy of a database file and of what belongs to it, in a folder that only this user can enter. */
import { chmodSync, constants, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConnectionError } from '../errors.ts'

export interface PrivateCopy {
  readonly path: string
  remove(): void
}

/** A file that changes while it is copied is copied again, so many times. */
const MAX_ATTEMPTS = 3

/**
 * Copies the database and those of its companions (`-wal`, `-journal`) that exist.
 *
 * @throws ConnectionError when there is no space, or the files keep changing. Nothing is left behind then.
 */
export function copyToPrivateFolder(path: string, companions: readonly string[]): PrivateCopy {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-'))
  const copy: PrivateCopy = {
    path: join(folder, 'copy.db'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
  try {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const before = stampOf(path, companions)
      for (const suffix of ['', ...companions]) copyFile(path + suffix, copy.path + suffix)
      if (stampOf(path, companions) === before) return copy
    }
    throw new ConnectionError({
      path,
      reason: 'it kept changing while it was copied',
      advice: 'Try again when less is written to it.',
    })
  } catch (error) {
    copy.remove()
    if (error instanceof ConnectionError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const reason = `it has to be copied to ${tmpdir()} to be read, and cannot be (${code})`
    throw new ConnectionError({ path, reason, advice: 'Set TMPDIR to a folder with enough space.' }, { cause: error })
  }
}

function copyFile(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false }) === undefined) {
    rmSync(to, { force: true })
    return
  }
  // Where the file system can share blocks between files, this costs nothing.
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
  // The mode is copied too, and a read-only copy could not be recovered.
  chmodSync(to, 0o600)
}

function stampOf(path: string, companions: readonly string[]): string {
  const stats = ['', ...companions].map((suffix) => statSync(path + suffix, { bigint: true, throwIfNoEntry: false }))
  return stats.map((stat) => `${stat?.size}:${stat?.mtimeNs}:${stat?.ino}`).join(' ')
}
