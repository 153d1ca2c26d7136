/** The archive's thread without its thread: captures the log of a connection of the test. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Capture } from '../../src/engine/archive/capture.ts'
import { segmentName } from '../../src/engine/archive/segment-format.ts'
import type { ArchiveReply, ArchiveRequest } from '../../src/engine/thread/archive-requests.ts'
import { lookAtLog } from '../../src/sqlite/checkpoint.ts'
import type { Connection } from '../../src/sqlite/connection.ts'
import { LogHold } from '../../src/sqlite/log-hold.ts'

export const STREAM = '20261126T173000123Z-1a2b3c4d'

export interface TestCapture {
  readonly spool: string
  readonly ask: (request: ArchiveRequest) => ArchiveReply
  readonly begin: () => ArchiveReply
  readonly capture: (options?: { readonly finish?: boolean }) => ArchiveReply
  readonly resume: () => ArchiveReply
  /** The bytes of a finished segment. */
  readonly segment: (number: number) => Buffer
  readonly close: () => void
}

export function captureOf(connection: Connection, path = connection.path): TestCapture {
  const spool = join(dirname(path), 'spool')
  const frames = (): number | null => lookAtLog(connection)?.frames ?? null
  const capture = new Capture({ path, hold: () => LogHold.open(path), frames })
  onTestFinished(() => capture.close())
  const ask = (request: ArchiveRequest): ArchiveReply => capture.answer(request)
  return {
    spool,
    ask,
    begin: () => ask({ kind: 'begin', folder: spool, stream: STREAM, commit: 0 }),
    capture: ({ finish = false } = {}) => ask({ kind: 'capture', seen: [], finish }),
    resume: () => ask({ kind: 'resume', folder: spool }),
    segment: (number) => readFileSync(join(spool, STREAM, segmentName(number))),
    close: () => capture.close(),
  }
}
