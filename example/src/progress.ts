/** A progress bar on a terminal; elsewhere silence, because a log is no place for a bar. */

const WIDTH = 32

export function drawProgress(label: string): (progress: { readonly done: number; readonly total: number }) => void {
  return ({ done, total }) => {
    if (!process.stdout.isTTY) return
    const filled = Math.round((done / total) * WIDTH)
    const bar = '⬢'.repeat(filled) + '⬡'.repeat(WIDTH - filled)
    process.stdout.write(`\r${label} ${bar} ${done} of ${total}${done === total ? '\n' : ''}`)
  }
}
