import { runProgram } from '../measure/own-program.ts'
import { EVERYBODY, type Lane, lanesOf, type Work } from '../work.ts'
import { programOf } from './programs.ts'

/** What the first row costs a process that starts. */
export const startUp: Work = {
  name: 'start-up',
  title: 'Start-up',
  about:
    'A fresh process, a small program of its own, imports the packages, opens a file of 100,000 rows and reads one of them. ' +
    'The last figure counts from the start of Node.js.',
  lanes: lanesOf(EVERYBODY),
  metrics: [
    { name: 'importMs', title: 'import, ms', better: 'lower' },
    { name: 'openMs', title: 'open, ms', better: 'lower' },
    { name: 'firstReadMs', title: 'first read, ms', better: 'lower' },
    { name: 'totalMs', title: 'from the start of the process to the first row, ms', better: 'lower' },
  ],
  bars: [],
  rounds: { quick: 2, full: 10 },
  run: ({ lane, path }) => runProgram(source(lane), [path]),
}

/** Imports are made where they can be timed: a static one would be done before the first line runs. */
function source({ contestant }: Lane): string {
  const { imports, open, findFirst, close } = programOf(contestant)
  return `
  const [path] = process.argv.slice(1)
  const started = performance.now()
  ${imports.map(dynamic).join('\n  ')}
  const imported = performance.now()
  ${open}
  const opened = performance.now()
  await ${findFirst}
  const read = performance.now()
  print({ importMs: imported - started, openMs: opened - imported, firstReadMs: read - opened, totalMs: read })
  ${close}`
}

/** `import { a } from 'b'` as `const { a } = await import('b')`, and a default import as the module's `default`. */
function dynamic(statement: string): string {
  const [, names, from] = /^import (.+) from ('.+')$/.exec(statement) ?? []
  if (names === undefined || from === undefined) throw new Error(`no import: ${statement}`)
  return `const ${names.startsWith('{') ? names : `{ default: ${names} }`} = await import(${from})`
}
