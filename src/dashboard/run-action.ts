/** What the page may ask to be done, and what it came to as a sentence. */
import { isNoormmeError } from '../errors.ts'
import type { DashboardDatabase } from './database.ts'
import type { ActionName, ActionResult } from './protocol.ts'

export const ACTIONS: readonly ActionName[] = ['checkpoint', 'optimize', 'backup']

export async function runAction(
  db: Pick<DashboardDatabase, 'checkpoint' | 'optimize'>,
  name: ActionName,
): Promise<ActionResult> {
  try {
    return name === 'checkpoint' ? await checkpoint(db) : await optimize(db)
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
