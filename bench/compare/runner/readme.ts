/** The part of README.md that is made of the comparison: a symbol a cell, and what each means. */
import { CONTESTANTS } from '../contestants.ts'
import { SYMBOLS } from '../lib/verdict.ts'
import { SCENARIOS } from '../scenarios.ts'
import { find, LEGEND, rowsOf, table, titleOf } from './report.ts'
import type { Results } from './results.ts'

const BEGIN = '<!-- comparison: written by `npm run compare` -->'
const END = '<!-- comparison: end -->'

/** @throws Error when the page has no place for it. */
export function withComparison(readme: string, results: Results): string {
  const begin = readme.indexOf(BEGIN)
  const end = readme.indexOf(END)
  if (begin === -1 || end < begin) throw new Error(`README.md has no ${BEGIN} before a ${END}`)
  return `${readme.slice(0, begin)}${BEGIN}\n\n${comparison(results)}\n\n${readme.slice(end)}`
}

function comparison({ conditions, cells }: Results): string {
  const rows = SCENARIOS.flatMap((scenario) =>
    rowsOf(scenario).map((row) => [
      titleOf(scenario, row),
      ...CONTESTANTS.map((contestant) => {
        const cell = find(cells, scenario, row, contestant)
        if (cell === undefined) return ''
        return SYMBOLS[cell.kind] + (cell.setting?.kind === 'green' && cell.kind !== 'green' ? '⚙️' : '')
      }),
    ]),
  )
  const { processor, cores, system } = conditions
  const made = [...new Set(cells.map(({ date }) => date))].sort()
  return [
    table(['', ...CONTESTANTS.map(({ title }) => title)], rows),
    `${LEGEND.slice(0, -1).join(' · ')} · ⚙️ right with a setting, which [the whole table](bench/correctness.md) names`,
    `Made by \`npm run compare\` on ${made.join(', ')}: ${processor}, ${cores} cores, ${system}; the versions are those above.`,
  ].join('\n\n')
}
