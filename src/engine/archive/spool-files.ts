/** The finished segments that a spool holds, for whoever stores them. */
import { createReadStream } from 'node:fs'
import { link, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FinishedSegment } from '../types.ts'
import { segmentName, segmentNumber } from './segment-format.ts'

/** In order of streams and numbers. */
export async function finishedSegments(folder: string): Promise<FinishedSegment[]> {
  const streams = await readdir(folder, { withFileTypes: true }).catch(ignoreAbsence)
  const found: FinishedSegment[] = []
  for (const { name: stream } of (streams ?? []).filter((entry) => entry.isDirectory())) {
    for (const name of (await readdir(join(folder, stream)).catch(ignoreAbsence)) ?? []) {
      const number = segmentNumber(name)
      const file = number === null ? undefined : await stat(join(folder, stream, name)).catch(ignoreAbsence)
      if (number !== null && file !== undefined) found.push({ stream, number, bytes: file.size })
    }
  }
  return found.sort((a, b) => (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : a.number - b.number))
}

export async function isThere(folder: string, { stream, number }: FinishedSegment): Promise<boolean> {
  return (await stat(join(folder, stream, segmentName(number))).catch(ignoreAbsence)) !== undefined
}

/** Its bytes; the file is opened when they are asked for. */
export async function* readFinished(
  folder: string,
  { stream, number }: FinishedSegment,
): AsyncGenerator<Uint8Array, void> {
  yield* createReadStream(join(folder, stream, segmentName(number)), { highWaterMark: 2 ** 20 })
}

/** Gives it a second name at `path`; whether that is possible there. Its bytes are on the disk already and never change. */
export async function linkFinished(
  folder: string,
  { stream, number }: FinishedSegment,
  path: string,
): Promise<boolean> {
  return link(join(folder, stream, segmentName(number)), path).then(
    () => true,
    () => false,
  )
}

/** Removes one that is stored. */
export async function removeFinished(folder: string, { stream, number }: FinishedSegment): Promise<void> {
  await rm(join(folder, stream, segmentName(number)), { force: true })
}

function ignoreAbsence(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}
