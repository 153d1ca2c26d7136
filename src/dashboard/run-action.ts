/** What the page may ask to be done, and what it came to as a sentence. */
import { isNoormmeError } from '../errors.ts'
import type { DashboardDatabase } from './database.ts'
import type { ActionName, ActionResult } from './protocol.ts'

export const ACTIONS: readonly ActionName[] = ['checkpoint', 'optimize', 'backup']

export async function runAction(
  db: Pick<DashboardDatabase, 'checkpoint' | 'optimize' | 'backups'>,
  name: ActionName,
): Promise<ActionResult> {
  try {
    switch (name) {
      case 'checkpoint':
        return await checkpoint(db)
      case 'optimize':
        return await optimize(db)
      case 'backup':
        return await backup(db)
      default:
        return name satisfies never
    }
  } catch (error) {
    // An error of the catalogue names no values; of others nobody knows what they say.
    return { ok: false, detail: isNoormmeError(error) ? `${error.message}. ${error.hint}` : 'It failed.' }
  }
}

async function checkpoint(db: Pick<DashboardDatabase, 'checkpoint'>): Promise<ActionResult> {
  const { result, frames, copied, pinnedBy, ms } = await db.checkpoint('PASSIVE')
  const done = `${copied} of ${frames} pages of the log are in the file, after ${ms.toFixed(0)} ms`
  const pinned = pinnedBy.length === 0 ? '' : `; the rest is kept by ${pinnedBy.join(', ')}`
  if (result === 'busy') return { ok: false, detail: 'Another checkpoint is under way.' }
  return { ok: result === 'complete', detail: `${done}${pinned}.` }
}

async function optimize(db: Pick<DashboardDatabase, 'optimize'>): Promise<ActionResult> {
  const { statements, durationMs } = await db.optimize()
  if (statements.length === 0) return { ok: true, detail: 'The statistics were up to date.' }
  return { ok: true, detail: `Ran ${statements.join('; ')} in ${durationMs.toFixed(0)} ms.` }
}

async function backup({ backups }: Pick<DashboardDatabase, 'backups'>): Promise<ActionResult> {
  const { id, bytes } = await backups.create()
  return { ok: true, detail: `Made ${id}, ${bytes} bytes, and checked it.` }
}
