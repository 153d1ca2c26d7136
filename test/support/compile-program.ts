/** Compiles a program that uses the package, in a folder of its own, as its users' compiler would. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../scripts/lib/report.ts'
import { failure, run } from '../../scripts/lib/run.ts'
import { tempFolder } from './temp-folder.ts'

export interface Compiled {
  /** What the compiler has against it; `null` when it is content. */
  readonly problem: string | null
  /** Types that had to be worked out: what checking costs, whatever the machine. */
  readonly instantiations: number
}

/** `files` by name; the package is its sources, so that nothing has to be built. */
export async function compileProgram(files: Readonly<Record<string, string>>): Promise<Compiled> {
  const folder = join(tempFolder(), 'program')
  mkdirSync(folder)
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction')
  const config = {
    extends: join(ROOT, 'tsconfig.base.json'),
    compilerOptions: {
      paths: { noormme: [join(ROOT, 'src/index.ts')] },
      typeRoots: [join(ROOT, 'node_modules/@types')],
    },
    include: ['.'],
  }
  const own = { 'package.json': '{ "type": "module" }', 'tsconfig.json': JSON.stringify(config) }
  for (const [name, text] of Object.entries({ ...own, ...files })) writeFileSync(join(folder, name), text)

  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
  // Several threads would each work out what they share, and count it.
  const flags = ['--extendedDiagnostics', '--singleThreaded']
  const outcome = await run(process.execPath, [tsc, '-p', folder, ...flags], { cwd: folder })
  const [, count] = /^Instantiations:\s+(\d+)$/m.exec(outcome.stdout) ?? []
  return { problem: failure(outcome), instantiations: Number(count) }
}
