/**
 * Protects importers: everything that package.json promises (`exports`, `bin`, `files`) is there after a build, each
 * module with its types named first, each command with its first line; and src/index.ts is a table of contents only.
 */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { mask } from './lib/mask.ts'
import { type Check, report } from './lib/report.ts'
import { readText } from './lib/source.ts'

type Target = string | { readonly [condition: string]: Target }

export const checkExports: Check = async (root) => {
  const manifest = JSON.parse((await readText(root, 'package.json')) ?? '{}')
  const problems: string[] = []
  const need = async (what: string, path: string): Promise<void> => {
    if (!(await exists(join(root, path)))) problems.push(`${what}: ${path} does not exist; has \`npm run build\` run?`)
  }

  const entries = Object.entries<Target>(manifest.exports ?? {})
  if (entries.length === 0) problems.push('package.json has no exports')
  for (const [name, target] of entries) {
    const paths = targets(target)
    for (const path of paths) await need(`exports["${name}"]`, path)
    if (!paths.some((path) => /\.[cm]?js$/.test(path))) continue
    if (typeof target === 'string' || Object.keys(target)[0] !== 'types')
      problems.push(`exports["${name}"]: "types" has to be its first condition`)
    for (const path of paths.filter((each) => each.endsWith('.js')))
      await need(`types of exports["${name}"]`, path.replace(/\.js$/, '.d.ts'))
  }

  const bin: Record<string, string> = manifest.bin ?? {}
  for (const [name, path] of Object.entries(bin)) {
    await need(`bin.${name}`, path)
    const text = await readText(root, path)
    if (text !== undefined && !text.startsWith('#!/usr/bin/env node\n'))
      problems.push(`bin.${name}: ${path} does not begin with #!/usr/bin/env node`)
  }

  if (manifest.files === undefined) problems.push('package.json has no files list: everything would be published')
  const files: readonly string[] = manifest.files ?? []
  for (const path of files.filter((each) => !each.startsWith('!'))) await need('files', path)
  return [...problems, ...(await logicInIndex(root))]
}

function targets(target: Target): readonly string[] {
  return typeof target === 'string' ? [target] : Object.values(target).flatMap(targets)
}

async function logicInIndex(root: string): Promise<readonly string[]> {
  const text = await readText(root, 'src/index.ts')
  if (text === undefined) return ['src/index.ts does not exist']
  const reExport = /export\s+(?:type\s+)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^{}]*\})\s*from\s*(['"])\s*\1;?/g
  const rest = mask(text).replace(reExport, '').trim()
  return rest === '' ? [] : [`src/index.ts does more than re-export: ${rest.split('\n')[0]}`]
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

if (import.meta.main) await report('exports', checkExports)
