/**
 * Protects whoever installs the package: the tarball, installed in an empty project outside this tree, is complete and
 * clean, works through `import`, `require()` and its commands, and a program that uses it ends by itself. On a Node.js
 * too old for the driver it says so in one line instead of crashing the process.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nativeProblems } from './lib/native-pack.ts'
import { oldNodes } from './lib/old-nodes.ts'
import { IMPORT, REQUIRE, WRITE_AND_READ } from './lib/probes.ts'
import { type Manifest, refusalProblems } from './lib/refusal.ts'
import { type Check, report } from './lib/report.ts'
import { failure, npm, type Outcome, run } from './lib/run.ts'
import { listFiles, readText } from './lib/source.ts'
import { strayFiles } from './lib/stray-files.ts'
import { compileTyped } from './lib/typed-probe.ts'

export const checkPack: Check = async (root, say) => {
  const folder = await mkdtemp(join(tmpdir(), 'noormme-pack-'))
  try {
    const packed = await npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
    const packing = failure(packed)
    if (packing !== null) return [`npm pack: ${packing}`]
    const [tarball] = JSON.parse(packed.stdout)
    say(
      `${tarball.filename}: ${kib(tarball.size)}, ${kib(tarball.unpackedSize)} unpacked, ${tarball.files.length} files`,
    )
    const files: readonly string[] = tarball.files.map((file: { readonly path: string }) => file.path)

    await writeFile(join(folder, 'package.json'), '{ "name": "probe", "private": true }')
    const installed = failure(
      await npm(['install', '--prefer-offline', join(folder, tarball.filename)], { cwd: folder }),
    )
    if (installed !== null) return [`npm install of the tarball: ${installed}`]

    const manifest: Manifest = JSON.parse((await readText(root, 'package.json')) ?? '{}')
    const old = await oldNodes()
    say(`refusal on old Node.js: ${old.map(({ version }) => version).join(', ') || 'not looked at, none on the path'}`)
    return [
      ...strayFiles(files, await listFiles(root, 'src')),
      ...(await nativeProblems(root, files, { complete: process.env.NOORMME_CI === '1', say })),
      ...(await onThisNode(folder, manifest)),
      ...(await refusalProblems(folder, manifest, old)),
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function onThisNode(folder: string, { name, exports = {}, bin = {} }: Manifest): Promise<readonly string[]> {
  const problems: string[] = []
  const probe = async (what: string, outcome: Promise<Outcome>, wants = /^/): Promise<void> => {
    const result = await outcome
    const wrong = failure(result) ?? (wants.test(result.stdout) ? null : `printed ${JSON.stringify(result.stdout)}`)
    if (wrong !== null) problems.push(`${what}: ${wrong}`)
    else if (result.stderr !== '') problems.push(`${what} wrote to stderr: ${result.stderr.trim()}`)
  }
  const node = (program: string, argument: string) => run(process.execPath, ['-e', program, argument], { cwd: folder })

  for (const subpath of Object.keys(exports)) {
    const specifier = subpath.replace('.', name)
    await probe(`require('${specifier}')`, node(REQUIRE, specifier))
    if (!subpath.endsWith('.json')) await probe(`import('${specifier}')`, node(IMPORT, specifier))
  }
  await probe('a program that writes, reads and closes', node(WRITE_AND_READ, name), /^wrote and read\n$/)
  if (typeof exports['.'] === 'object') await probe('its types', compileTyped(folder))
  for (const command of Object.keys(bin)) {
    const cli = (flag: string) => npm(['exec', '--offline', '--loglevel=error', '--', command, flag], { cwd: folder })
    await probe(`npx ${command} --version`, cli('--version'), /^[^\n]*\d+\.\d+\.\d+[^\n]*\n$/)
    await probe(`npx ${command} --help`, cli('--help'), /usage/i)
  }
  return problems
}

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KiB`

if (import.meta.main) await report('pack', checkPack)
