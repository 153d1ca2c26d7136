/** Lets SQLite copy a log into the database file that it stands beside, on a thread of its own. */
import { BackupError } from '../../errors.ts'
import type { Channel } from '../thread/channel.ts'

/**
 * Copies every frame and removes the log. Nothing is synced: whoever needs the file to last syncs it.
 *
 * @param open Opens the file on a thread.
 * @param frames How many there must be.
 * @throws BackupError when SQLite finds another number of frames, or copies fewer.
 */
export async function foldLog(open: () => Channel, frames: number): Promise<void> {
  const channel = open()
  try {
    await channel.opened
    const found = await channel.request('checkpoint', { mode: 'PASSIVE', waitMs: 0 })
    if (found.busy || found.frames !== frames || found.copied !== frames) {
      const reason = `SQLite took ${found.copied} of ${frames} frames of the log that was made for it`
      throw new BackupError({
        reason,
        advice: 'Nothing was replaced. Check the disk, and restore to an earlier point.',
      })
    }
  } finally {
    await channel.close({ optimize: false, truncate: true })
  }
}
