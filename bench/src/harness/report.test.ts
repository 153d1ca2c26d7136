import { expect, it } from 'vitest'
import { withSideBySide } from '../readme/side-by-side.ts'
import type { Work } from '../work.ts'
import { memory } from '../works/memory.ts'
import { WORKS } from '../works/works.ts'
import { report } from './report.ts'
import type { Results } from './results.ts'

const README =
  '# it\n\n<!-- benchmark: written by `npm run bench` -->\nstale numbers\n<!-- benchmark: end -->\n\nmore\n'

it('who failed has a word in the cell and a reason under the table', () => {
  const page = report([memory], resultsOf(memory, { prisma: 'it broke' }))

  expect(page).toContain('|  | prisma | failed |  |  |')
  expect(page).toContain('- prisma was not measured: it broke')
})

it('the README says by how much noormme is behind, and who failed', () => {
  const page = withSideBySide(README, WORKS, resultsOf(memory, { prisma: 'it broke' }))

  expect(page).toContain('| **noormme** | 100 |')
  expect(page).toContain('| better-sqlite3 | **50** |')
  expect(page).toContain('| prisma | failed |')
  expect(page).toContain('**Others are better at** memory (better-sqlite3: 2 ×).')
  expect(page).not.toContain('stale numbers')
  expect(page.startsWith('# it\n')).toBe(true)
  expect(page.endsWith('\n\nmore\n')).toBe(true)
})

it('the README warns of a busy machine', () => {
  const results = resultsOf(memory, {})
  const busy = { ...results, works: results.works.map((record) => ({ ...record, othersCores: 1 })) }

  expect(withSideBySide(README, WORKS, busy)).toContain('not to be relied on')
  expect(withSideBySide(README, WORKS, results)).not.toContain('not to be relied on')
})

it('a README without a place for it is refused', () => {
  expect(() => withSideBySide('# it\n', WORKS, resultsOf(memory, {}))).toThrow('README.md has no <!-- benchmark')
})

/** 100 MiB each, better-sqlite3 half of it. */
function resultsOf({ name, lanes }: Work, failed: Readonly<Record<string, string>>): Results {
  const values = lanes
    .filter((lane) => failed[lane.name] === undefined)
    .map((lane) => [lane.name, { rssMib: [lane.name === 'better-sqlite3' ? 50 : 100] }])
  return {
    machine: { processor: 'a processor', cores: 2, memoryGib: 4, system: 'Linux', versions: { node: '24' } },
    works: [
      {
        work: name,
        size: 'quick',
        command: 'npm run bench',
        date: '2026-01-02T03:04:05.678Z',
        othersCores: 0,
        lanes: Object.fromEntries(values),
        failed,
      },
    ],
  }
}
