/** Files and names that are there after a power cut: what is written is asked of the disk, and so is the folder it stands in. */
import { mkdir, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Waits until the bytes of a file are on the disk. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Waits until the names in a folder are on the disk: of files that were made, renamed or removed there. */
export async function syncFolder(path: string): Promise<void> {
  // Windows does not open folders, and writes names through its journal by itself.
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a folder and those above it that are missing, each durable. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  for (let made = path; ; made = dirname(made)) {
    await syncFolder(dirname(made))
    if (made === first || made === dirname(made)) return
  }
}

/** Removes a database file that nobody has open, with all that SQLite may have left beside it. */
export async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['-journal', '-wal', '-shm', '']) await rm(path + suffix, { force: true })
}
