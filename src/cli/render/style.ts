/** How text looks: colours on a terminal only, and how wide it may be. */
import { styleText } from 'node:util'

type Paint = (text: string) => string

export interface Style {
  /** Columns that lines should fit into. */
  readonly width: number
  readonly strong: Paint
  readonly dim: Paint
  readonly good: Paint
  readonly bad: Paint
}

/** Of a terminal that does not tell, and of what is no terminal. */
const DEFAULT_WIDTH = 80

/** `NO_COLOR` with any value, https://no-color.org, and a terminal that knows none, go without colours. */
export function createStyle(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): Style {
  const isTerminal = stream.isTTY === true
  const isColoured = isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb'
  const paint =
    (format: 'bold' | 'dim' | 'green' | 'red'): Paint =>
    (text) =>
      isColoured ? styleText(format, text, { validateStream: false }) : text
  return {
    width: (isTerminal ? stream.columns : undefined) || DEFAULT_WIDTH,
    strong: paint('bold'),
    dim: paint('dim'),
    good: paint('green'),
    bad: paint('red'),
  }
}
