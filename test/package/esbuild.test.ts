/** The package in bundles of esbuild: left out it works, taken in it says at once what to set. */
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failure, type Outcome, run } from '../../scripts/lib/run.ts'
import { installPackage, type Project } from './support/install-package.ts'

const PROGRAM = `
  import { NOORMME } from 'noormme'
  const db = new NOORMME('./bundled.db')
  async function use() {
    await db.execute('CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)')
    await db.execute('INSERT INTO note (text) VALUES (?)', ['hello'])
    console.log(JSON.stringify((await db.execute('SELECT * FROM note')).rows))
    await db.close()
  }
  use().catch((error) => console.log(error.code + ': ' + error.hint))
`
let project: Project

beforeAll(async () => {
  project = await installPackage('esbuild@0.28.2')
  await writeFile(join(project.folder, 'program.mjs'), PROGRAM)
}, 300_000)

afterAll(() => project?.remove())

/** Bundles the program and runs what came out, in the project's folder. */
async function bundled(format: 'esm' | 'cjs', external: string): Promise<Outcome> {
  const out = `out-${format}.${format === 'esm' ? 'mjs' : 'cjs'}`
  const command = join(project.folder, 'node_modules', 'esbuild', 'bin', 'esbuild')
  const flags = ['--bundle', '--platform=node', `--format=${format}`, external, `--outfile=${out}`, '--log-level=error']
  const built = await run(command, ['program.mjs', ...flags], { cwd: project.folder })
  expect(failure(built)).toBeNull()
  return run(process.execPath, [out], { cwd: project.folder })
}

describe.each(['esm', 'cjs'] as const)('in an esbuild bundle as %s', (format) => {
  test('refuses to open when taken in, naming the setting, and makes no file', async ({ skip }) => {
    if (project.unreachable !== null) skip(project.unreachable)
    const { code, stdout, stderr } = await bundled(format, '--external:better-sqlite3')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^NOORMME_INITIALIZATION: .*--packages=external/)
    expect(existsSync(join(project.folder, 'bundled.db'))).toBe(false)
  })
})

describe.each(['esm', 'cjs'] as const)('beside an esbuild bundle as %s', (format) => {
  test('writes, reads, and lets the program end', async ({ skip }) => {
    if (project.unreachable !== null) skip(project.unreachable)
    await rm(join(project.folder, 'bundled.db'), { force: true })
    const { code, stdout, stderr } = await bundled(format, '--packages=external')
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '[{"id":1,"text":"hello"}]\n', stderr: '' })
  })
})
