import { runProgram } from '../measure/own-program.ts'
import { EVERYBODY, type Lane, lanesOf, type Work } from '../work.ts'
import { programOf } from './programs.ts'

/** Occupies a connection without reading a page: caches stay as empty as they were. */
const OCCUPY =
  'WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT count(*) AS n FROM n'
const WRITE = 'UPDATE counters SET value = value + 1'
const PRINT = 'print({ rssMib: process.memoryUsage.rss() / 1024 ** 2 })'

/** What the connections of a small service weigh. */
export const memory: Work = {
  name: 'memory',
  title: 'Memory',
  about:
    'Resident size of a small program of its own, after one write and a read that touches no table: three such reads at ' +
    'once where there are threads to run them, and noormme then has its writer and three readers running. Caches are empty.',
  lanes: lanesOf([...EVERYBODY, 'plain node']),
  metrics: [{ name: 'rssMib', title: 'resident, MiB', better: 'lower' }],
  bars: [{ kind: 'difference', metric: 'rssMib', of: 'noormme', to: 'plain node', atMost: 90 }],
  rounds: { quick: 2, full: 10 },
  run: ({ lane, path }) => runProgram(source(lane), [path]),
}

function source({ contestant }: Lane): string {
  if (contestant === 'plain node') return PRINT
  const { imports, open, write, occupy, close } = programOf(contestant)
  return `
  ${imports.join('\n  ')}
  const [path] = process.argv.slice(1)
  const WRITE = '${WRITE}'
  const OCCUPY = '${OCCUPY}'
  ${open}
  ${write}
  ${occupy}
  ${PRINT}
  ${close}`
}
