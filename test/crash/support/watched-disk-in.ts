/** Compiles `watched-disk.c` and says how a program is started upon such a disk. Linux with gcc only. */
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canCompile } from '../../support/compile-extension.ts'

const SOURCE = fileURLToPath(new URL('./watched-disk.c', import.meta.url))

/** Why nothing can run on a watched disk here; `null` where it can. */
export const NO_WATCHED_DISK =
  process.platform !== 'linux' ? 'LD_PRELOAD is of Linux' : canCompile ? null : 'there is no gcc'

export interface WatchedDisk {
  /** The watched folder, as a real path. */
  readonly folder: string
  /** Where the log is written. */
  readonly log: string
  readonly environment: Readonly<Record<string, string>>
}

/** @param base A fresh folder, as a real path; everything is made in it. */
export function watchedDiskIn(base: string, options: { readonly log: boolean; readonly all?: boolean }): WatchedDisk {
  const folder = join(base, 'disk')
  const library = join(base, 'watched-disk.so')
  const log = join(base, 'log')
  mkdirSync(folder)
  const { status, stderr } = spawnSync('gcc', ['-O2', '-shared', '-fPIC', SOURCE, '-o', library], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const environment = {
    LD_PRELOAD: library,
    NOORMME_DISK_FOLDER: folder,
    ...(options.log ? { NOORMME_DISK_LOG: log } : {}),
    ...(options.all === true ? { NOORMME_DISK_ALL: '1' } : {}),
  }
  return { folder, log, environment }
}
