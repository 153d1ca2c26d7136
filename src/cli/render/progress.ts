/** How far something has come, in one line of a terminal that is written again and again. */
import { bytes } from './text.ts'

export interface Progress {
  /** What is being done: `copying`. */
  readonly phase: string
  readonly bytes: number
  readonly totalBytes: number
}

const BAR_CHARACTERS = 24
/** Eyes see no more (ms). */
const REDRAW_MS = 100

/** Draws on a terminal; on anything else nothing. `done` clears the line. */
export function progressLine(stream: NodeJS.WriteStream): { draw(progress: Progress): void; done(): void } {
  if (stream.isTTY !== true) return { draw: () => {}, done: () => {} }
  let drawnAt = Number.NEGATIVE_INFINITY
  let drawn = false
  return {
    draw: (progress) => {
      const now = performance.now()
      if (now - drawnAt < REDRAW_MS && progress.bytes < progress.totalBytes) return
      drawnAt = now
      drawn = true
      stream.write(`\r\u001b[2K${lineOf(progress)}`)
    },
    done: () => {
      if (drawn) stream.write('\r\u001b[2K')
    },
  }
}

export function lineOf({ phase, bytes: done, totalBytes }: Progress): string {
  const share = totalBytes === 0 ? 1 : Math.min(1, done / totalBytes)
  const full = Math.round(share * BAR_CHARACTERS)
  const bar = '█'.repeat(full) + '░'.repeat(BAR_CHARACTERS - full)
  return `${phase.padEnd(8)} ${bar} ${Math.floor(share * 100)} % of ${bytes(totalBytes)}`
}
