/** The whole terminal for one picture that is drawn again and again; given back as it was, however it ends. */
import type { ReadStream, WriteStream } from 'node:tty'

const CTRL_C = '\u0003'
/** The second screen, without a cursor: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html */
const ENTER = '\u001b[?1049h\u001b[?25l'
const LEAVE = '\u001b[?25h\u001b[?1049l'
const HOME = '\u001b[H'
const CLEAR_LINE = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'

export interface ScreenOptions {
  readonly output: WriteStream
  readonly input: ReadStream
  /** `q`, or Ctrl+C, which is a key like any other while keys are read one by one. */
  readonly stop: () => void
  readonly resized: () => void
}

export class Screen implements Disposable {
  readonly #options: ScreenOptions
  readonly #leave = (): void => void this.#options.output.write(LEAVE)
  readonly #key = (key: string): void => {
    if (key === 'q' || key === 'Q' || key === CTRL_C) this.#options.stop()
  }

  constructor(options: ScreenOptions) {
    this.#options = options
    const { output, input, resized } = options
    output.write(ENTER)
    output.on('resize', resized)
    process.once('exit', this.#leave)
    if (input.isTTY) input.setRawMode(true).setEncoding('utf8').on('data', this.#key)
  }

  /** Lines beyond the height are left out. */
  draw(text: string): void {
    const { output } = this.#options
    const lines = text.split('\n').slice(0, output.rows || 24)
    output.write(HOME + lines.map((line) => line + CLEAR_LINE).join('\r\n') + CLEAR_BELOW)
  }

  [Symbol.dispose](): void {
    const { output, input, resized } = this.#options
    process.off('exit', this.#leave)
    output.off('resize', resized)
    if (input.isTTY) input.setRawMode(false).off('data', this.#key).pause()
    this.#leave()
  }
}
