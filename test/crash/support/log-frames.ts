/** Where the frames and commits of a write-ahead log stand: https://sqlite.org/fileformat2.html#walformat */

export const LOG_HEADER_BYTES = 32
export const FRAME_HEADER_BYTES = 24

export interface LogFrame {
  /** Offset of its header. */
  readonly start: number
  readonly end: number
  readonly commits: boolean
}

/** The frames that count: those of the generation that the log's header names, up to the first of an earlier one. */
export function framesOf(log: Buffer): readonly LogFrame[] {
  const frameBytes = FRAME_HEADER_BYTES + log.readUInt32BE(8)
  const salts = log.subarray(16, 24)
  const frames: LogFrame[] = []
  for (let start = LOG_HEADER_BYTES; start + frameBytes <= log.length; start += frameBytes) {
    if (!log.subarray(start + 8, start + 16).equals(salts)) break
    frames.push({ start, end: start + frameBytes, commits: log.readUInt32BE(start + 4) > 0 })
  }
  return frames
}
