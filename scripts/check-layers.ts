/**
 * Protects the layers: imports go down only, siblings never import each other, and what ties the package to the
 * outside (the driver, threads, the terminal, the query builder) is reached from one place each. Types count: whoever
 * names a type of a higher layer has to change with it. Tests may import what they like.
 */
import { type Import, importsOf, packageOf } from './lib/imports.ts'
import { layerOf } from './lib/layers.ts'
import { mask } from './lib/mask.ts'
import { type Check, report } from './lib/report.ts'
import { lineAt, readProduction, readText, type Source } from './lib/source.ts'

/** Packages with a home. `types`: their types may be named anywhere. */
const HOMES: readonly { readonly name: string; readonly home: RegExp; readonly types?: true }[] = [
  { name: 'better-sqlite3', home: /^src\/sqlite\// },
  { name: 'node:worker_threads', home: /^src\/engine\// },
  { name: 'worker_threads', home: /^src\/engine\// },
  { name: 'kysely', home: /^src\/(?:kysely\/|repository\/|noormme\.ts$|index\.ts$)/, types: true },
]

const TERMINAL = /(?<![.\w$])(?:console\b|process\s*\.\s*exit\b)/g

export const checkLayers: Check = async (root) => {
  const manifest = JSON.parse((await readText(root, 'package.json')) ?? '{}')
  const sections = [manifest.dependencies, manifest.optionalDependencies, manifest.peerDependencies]
  const installed = new Set(sections.flatMap((section) => Object.keys(section ?? {})))
  const sources = await readProduction(root, 'src')
  return sources.flatMap((source) => [
    ...(layerOf(source.path) === null
      ? [`${source.path} is in no layer; add its folder to scripts/lib/layers.ts`]
      : []),
    ...importsOf(source).flatMap((item) => problemOf(source.path, item, installed) ?? []),
    ...terminalUses(source),
  ])
}

function problemOf(path: string, { specifier, file, typeOnly, line }: Import, installed: Set<string>): string | null {
  const start = `${path}:${line} imports ${file ?? specifier}`
  if (file === null) {
    const name = packageOf(specifier)
    const rule = HOMES.find((candidate) => candidate.name === name)
    if (rule !== undefined && !rule.home.test(path) && !(rule.types === true && typeOnly))
      return `${start}, which belongs to ${rule.home.source.replaceAll('\\', '')} alone`
    if (name.startsWith('node:') || name === 'worker_threads' || installed.has(name)) return null
    return `${start}, which is not among the dependencies of package.json`
  }
  const from = layerOf(path)
  const to = layerOf(file)
  if (from === null || to === null) return to === null ? `${start}, which is in no layer` : null
  if (to.rank < from.rank) return `${start}: ${to.name} stands above ${from.name}`
  return to.rank === from.rank && to.name !== from.name ? `${start}: ${to.name} and ${from.name} are siblings` : null
}

function terminalUses({ path, text }: Source): readonly string[] {
  if (path.startsWith('src/cli/')) return []
  const uses = [...mask(text).matchAll(TERMINAL)]
  return uses.map((use) => `${path}:${lineAt(text, use.index)} uses ${use[0]}, which belongs to src/cli/ alone`)
}

if (import.meta.main) await report('layers', checkLayers)
