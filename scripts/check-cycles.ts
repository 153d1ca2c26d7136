/**
 * Protects readability: no file of src takes part in a cycle of imports, type imports included, so that each can be
 * read, tested and moved with what stands below it alone.
 */
import { importsOf } from './lib/imports.ts'
import { type Check, report } from './lib/report.ts'
import { readProduction } from './lib/source.ts'

export const checkCycles: Check = async (root) => {
  const sources = await readProduction(root, 'src')
  const graph = new Map(sources.map((source) => [source.path, importsOf(source).flatMap(({ file }) => file ?? [])]))
  const problems: string[] = []
  const finished = new Set<string>()

  // Depth first: an import of a file that is still on the way down closes a cycle.
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) problems.push([...way.slice(way.indexOf(path)), path].join(' → '))
    if (way.includes(path) || finished.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...way, path])
    finished.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return problems
}

if (import.meta.main) await report('cycles', checkCycles)
