/**
 * Puts a finished file in the place of a database, which is kept under another name. Every step can be done again, so a kill at
 * any moment leaves either the old database, or word of what is left to do (`<path>-restore`).
 *
 *     prepared ──plan is durable──▶ planned ──▶ aside ──▶ bare ──▶ replaced ──plan is removed──▶ done
 *
 * prepared  `<path>-restore.partial` is whole and on the disk; nothing else has changed
 * aside     the old file and its log have second names
 * bare      its log and journal have lost their first: SQLite would play them into the new file
 * replaced  the new file has the name
 */
import { chmod, chown, link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isOpenInThisProcess } from '../../engine/engines.ts'
import { BackupError, FileInUseError } from '../../errors.ts'
import { type ExclusiveUse, useExclusively } from '../../sqlite/exclusive-use.ts'
import { findFileUsers } from '../../sqlite/file-users.ts'
import { restorePlanPath } from '../../sqlite/restore-plan.ts'
import { syncFile, syncFolder } from '../../util/durable-files.ts'
import type { RestoreReport } from './report.ts'

export interface RestorePlan {
  readonly format: 1
  /** What was asked for: another attempt that asks for it finds it done. */
  readonly wanted: string
  /** What the new file is. */
  readonly report: Omit<RestoreReport, 'path' | 'replaced' | 'resumed'>
  /** The name beside it under which the old database is kept; `null` when there was none. */
  readonly aside: string | null
}

/** What belongs to a database and would be taken for the new one's. */
const COMPANIONS = ['-wal', '-journal', '-shm']

export const partialPath = (path: string): string => `${path}-restore.partial`

/** What an interrupted restore into this path has left to do; `null` when there is none. */
export async function readRestorePlan(path: string): Promise<RestorePlan | null> {
  const text = await readFile(restorePlanPath(path), 'utf8').catch(ignoreAbsence)
  if (text === undefined) return null
  try {
    return JSON.parse(text) as RestorePlan
  } catch (cause) {
    const reason = `${restorePlanPath(path)} cannot be read`
    const advice = `Compare ${path} with the files beside it named ".replaced-…", then remove ${restorePlanPath(path)}.`
    throw new BackupError({ reason, advice }, { cause })
  }
}

/**
 * @param path absolute, without symbolic links; {@link partialPath} of it is the new file, on the disk.
 * @param aside the name beside it under which the old database is to be kept.
 * @throws FileInUseError when some process has the old one open. Nothing has changed then.
 */
export async function replaceDatabase(
  path: string,
  asked: Pick<RestorePlan, 'wanted' | 'report'>,
  aside: string,
): Promise<RestorePlan> {
  const old = await stat(path).catch(ignoreAbsence)
  const lock = takeHold(path)
  try {
    if (old !== undefined) await takeAfter(partialPath(path), old)
    const plan: RestorePlan = { format: 1, ...asked, aside: old === undefined ? null : aside }
    await writePlan(path, plan)
    await carryOut(path, plan)
    return plan
  } finally {
    lock?.release()
  }
}

/**
 * Does what is left of a plan.
 *
 * @throws FileInUseError when some process has the database open.
 */
export async function finishReplacing(path: string, plan: RestorePlan): Promise<void> {
  const lock = takeHold(path)
  try {
    await carryOut(path, plan)
  } finally {
    lock?.release()
  }
}

async function carryOut(path: string, plan: RestorePlan): Promise<void> {
  const folder = dirname(path)
  // The folder may have come under another path since.
  const aside = plan.aside === null ? null : join(folder, plan.aside)
  // It was there when the plan was made, and goes by being renamed alone.
  if (await exists(partialPath(path))) {
    // The file is kept last, and its log is on the disk before: where the one is, the other is.
    if (aside !== null && !(await exists(aside))) {
      for (const suffixes of [['-wal', '-journal'], ['']]) {
        for (const suffix of suffixes) {
          await rm(aside + suffix, { force: true })
          await keep(path + suffix, aside + suffix)
        }
        await syncFolder(folder)
      }
    }
    for (const suffix of COMPANIONS) await rm(path + suffix, { force: true })
    await syncFolder(folder)
    await rename(partialPath(path), path)
    await syncFolder(folder)
  }
  await rm(restorePlanPath(path), { force: true })
  await syncFolder(folder)
}

/** Gives a file, if it is there, a second name. */
async function keep(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    // A file system without second names: it has none of the two for a moment, and the plan says what to do.
    await rename(from, to)
  }
}

function takeHold(path: string): ExclusiveUse | null {
  if (isOpenInThisProcess(path)) throw new FileInUseError({ path, holders: [`this process (${process.pid})`] })
  const holders = (findFileUsers(path) ?? []).map(
    ({ pid, name }) => `process ${pid}${name === null ? '' : ` (${name})`}`,
  )
  if (holders.length > 0) throw new FileInUseError({ path, holders })
  const lock = useExclusively(path, `${path}-restore.lock`)
  if (lock === 'busy') throw new FileInUseError({ path, holders: [] })
  return lock
}

/** Who could use the old file can use the new one. */
async function takeAfter(path: string, { mode, uid, gid }: { mode: number; uid: number; gid: number }): Promise<void> {
  await chmod(path, mode & 0o7777)
  // Only root may give a file away; for all others it is theirs already.
  await chown(path, uid, gid).catch(() => {})
  await syncFile(path)
}

async function writePlan(path: string, plan: RestorePlan): Promise<void> {
  const written = `${restorePlanPath(path)}.new`
  await writeFile(written, JSON.stringify(plan))
  await syncFile(written)
  await rename(written, restorePlanPath(path))
  await syncFolder(dirname(path))
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(ignoreAbsence)) !== undefined
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

function ignoreAbsence(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined
  throw error
}
