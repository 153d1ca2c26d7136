/** A restore that has begun to put another file in the place of a database leaves word of it beside that, until it is done. */
import { statSync } from 'node:fs'
import { ConnectionError } from '../errors.ts'

export const restorePlanPath = (path: string): string => `${path}-restore`

/** @throws ConnectionError when such a restore was cut short: what is at the path may lack its log. */
export function assertNotBeingRestored(path: string): void {
  if (statSync(restorePlanPath(path), { throwIfNoEntry: false }) === undefined) return
  throw new ConnectionError({
    path,
    reason: 'a restore into it was interrupted, or is under way',
    advice: `Finish it: noormme restore ${path} --from BACKUPS. What was there before is kept beside it.`,
  })
}
