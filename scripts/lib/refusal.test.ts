import { expect, test } from 'vitest'
import { refusalProblems } from './refusal.ts'
import { tree } from './tree.ts'

const MANIFEST = { name: 'noormme', bin: { noormme: './main.js' } }

const REFUSES = `
  export class NOORMME {
    constructor() { throw Object.assign(new Error('too old'), { code: 'NOORMME_NODE_VERSION' }) }
  }`
const SAYS_SO = "console.error('noormme needs Node.js 22.14 or newer')\nprocess.exit(2)"

/** The Node.js that runs this stands in for an old one: what is asked of the package is the same on both. */
const problems = async (index: string, command: string) => {
  const root = await tree({
    'node_modules/noormme/package.json': '{ "type": "module", "exports": "./index.js" }',
    'node_modules/noormme/index.js': index,
    'node_modules/noormme/main.js': command,
  })
  return refusalProblems(root, MANIFEST, [{ path: process.execPath, version: 'v20.0.0' }])
}

test('one clear line from the class and from the command pass', async () => {
  expect(await problems(REFUSES, SAYS_SO)).toEqual([])
})

test.each([
  ['goes on', 'export class NOORMME {}'],
  ['throws something else', 'export class NOORMME { constructor() { throw new TypeError() } }'],
  ['cannot even be loaded', 'syntax error'],
  ['crashes', "export class NOORMME { constructor() { process.kill(process.pid, 'SIGKILL') } }"],
  ['prints besides', `console.error('hm')\n${REFUSES}`],
])('a class that %s fails', async (_, index) => {
  expect(await problems(index, SAYS_SO)).toEqual([
    expect.stringMatching(/^new NOORMME\(\) on v20\.0\.0 is not refused/),
  ])
})

test.each([
  ['exits with another code', SAYS_SO.replace('2)', '1)')],
  ['shows a stack', 'throw new Error("Node.js")'],
  ['goes on', ''],
])('a command that %s fails', async (_, command) => {
  expect(await problems(REFUSES, command)).toEqual([expect.stringMatching(/^noormme on v20\.0\.0 does not say so/)])
})
