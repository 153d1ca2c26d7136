/** A parser of Prometheus' text format, which comes without types. */
import { createRequire } from 'node:module'

export interface Family {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly metrics: readonly {
    readonly value?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly buckets?: Readonly<Record<string, string>>
    readonly count?: string
    readonly sum?: string
  }[]
}

export const parsePrometheus = createRequire(import.meta.url)('parse-prometheus-text-format') as (
  text: string,
) => Family[]

const LINE = /^([a-zA-Z_:][\w:]*)\{((?:[a-zA-Z_]\w*="(?:[^"\\]|\\["\\n])*",?)*)\} (-?[\d.e+-]+|[+-]Inf|NaN)$/

/**
 * Every sample by the grammar of the format, which that parser is lenient with; what it makes of a histogram with labels lacks
 * sum and count.
 *
 * @throws Error for a line that the grammar does not have.
 */
export function samplesOf(text: string): Map<string, number> {
  const samples = text.split('\n').filter((line) => line !== '' && !/^# (?:HELP|TYPE) [a-zA-Z_:][\w:]* ./.test(line))
  return new Map(
    samples.map((line) => {
      const [, name, labels, value] = LINE.exec(line) ?? []
      if (name === undefined) throw new Error(`not of the format: ${line}`)
      return [`${name}{${labels}}`, Number(value)]
    }),
  )
}
