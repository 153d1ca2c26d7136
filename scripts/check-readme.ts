/**
 * Protects the first impression: what README.md shows works. The rule is:
 *
 * - A block marked `ts` or `js` is a whole module. All of them are type-checked, then run one after another, each in
 *   a process of its own, in one fresh folder in which `noormme` is the built package; a later block finds the files
 *   (a database) that an earlier one made. A block has to end by itself with exit code 0.
 * - A block marked `ts no-run` (or `js no-run`) is a fragment for the eye: neither checked nor run.
 * - In a block marked `sh` or `bash` every `npm start`, `npm test` and `npm run x` is a script of package.json, and
 *   every `npx noormme verb` a command of src/cli/commands.
 */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CodeBlock, codeBlocks } from './lib/markdown.ts'
import { type Check, ROOT, report } from './lib/report.ts'
import { failure, run } from './lib/run.ts'
import { shellProblems } from './lib/shell-commands.ts'
import { readText } from './lib/source.ts'

const TYPES = { strict: true, noEmit: true, target: 'es2023', module: 'nodenext', lib: ['es2024', 'esnext.disposable'] }

export const checkReadme: Check = async (root) => {
  const text = await readText(root, 'README.md')
  if (text === undefined) return ['README.md does not exist']
  const blocks = codeBlocks(text)
  return [
    ...(await shellProblems(
      root,
      blocks.filter(({ info }) => /^(?:sh|bash|shell|console)$/.test(info)),
    )),
    ...(await codeProblems(
      root,
      blocks.filter(({ info }) => /^(?:ts|js|typescript|javascript)$/.test(info)),
    )),
  ]
}

async function codeProblems(root: string, blocks: readonly CodeBlock[]): Promise<readonly string[]> {
  if (blocks.length === 0) return ['README.md has no code block that runs']
  const folder = await mkdtemp(join(tmpdir(), 'noormme-readme-'))
  try {
    const files = blocks.map(({ info }, index) => `block-${index + 1}.${info.startsWith('t') ? 'ts' : 'js'}`)
    await mkdir(join(folder, 'node_modules'))
    await symlink(root, join(folder, 'node_modules', 'noormme'), 'junction')
    await symlink(join(ROOT, 'node_modules', '@types'), join(folder, 'node_modules', '@types'), 'junction')
    await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }')
    const config = { compilerOptions: { ...TYPES, types: ['node'], skipLibCheck: true }, include: ['*.ts'] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    for (const [index, { code }] of blocks.entries()) await writeFile(join(folder, files[index] ?? ''), code)

    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
    const hasTypes = files.some((file) => file.endsWith('.ts'))
    const types = hasTypes ? failure(await run(process.execPath, [tsc, '-p', folder], { cwd: folder })) : null
    if (types !== null) return [`README.md: types, ${types}`]
    for (const [index, file] of files.entries()) {
      const wrong = failure(await run(process.execPath, [file], { cwd: folder, timeoutMs: 60_000 }))
      if (wrong !== null) return [`README.md:${blocks[index]?.line}: ${file}, ${wrong}`]
    }
    return []
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) await report('readme', checkReadme)
