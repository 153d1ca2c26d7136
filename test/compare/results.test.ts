/** What `npm run compare` has left in the repository: whole, generated, and with a script behind every cell. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CONTESTANTS } from '../../bench/compare/contestants.ts'
import { withComparison } from '../../bench/compare/runner/readme.ts'
import { report } from '../../bench/compare/runner/report.ts'
import type { Results } from '../../bench/compare/runner/results.ts'
import { SCENARIOS } from '../../bench/compare/scenarios.ts'

const BENCH = new URL('../../bench/', import.meta.url)
const results: Results = JSON.parse(readFileSync(new URL('correctness.json', BENCH), 'utf8'))

describe('the comparison', () => {
  test('has a script of every contestant for every scenario', () => {
    for (const { name } of SCENARIOS) {
      const files = readdirSync(new URL(`compare/${name}/`, BENCH))
      expect(files, name).toEqual(expect.arrayContaining(CONTESTANTS.map((contestant) => `${contestant.name}.ts`)))
    }
  })

  test('has a result of every script', () => {
    const expected = SCENARIOS.flatMap(({ name, rows }) =>
      CONTESTANTS.flatMap((contestant) =>
        (rows === undefined ? [null] : Object.keys(rows)).map((row) => `${name} ${row} ${contestant.name}`),
      ),
    )
    const found = results.cells.map(({ scenario, row, tool }) => `${scenario} ${row} ${tool}`)
    expect(found.sort()).toEqual(expected.sort())
  })

  test('is right in every cell of noormme', () => {
    expect(results.cells.filter(({ tool, kind }) => tool === 'noormme' && kind !== 'green')).toEqual([])
  })

  test('names the version of every contestant', () => {
    const packages = CONTESTANTS.flatMap((contestant) => contestant.package ?? [])
    expect(Object.keys(results.conditions.versions)).toEqual(expect.arrayContaining(packages))
  })

  test('has a table in README.md that is made of its results', () => {
    const readme = readFileSync(new URL('../README.md', BENCH), 'utf8')
    expect(withComparison(readme, results)).toBe(readme)
  })

  test('has a page that is generated from its results', () => {
    expect(readFileSync(new URL('correctness.md', BENCH), 'utf8')).toBe(report(results))
  })
})
