/** What two configurations would have one engine do differently. */
import type { ResolvedConfig } from './types.ts'

export interface Difference {
  /** Dotted path of the key. */
  readonly key: string
  /** The values as they are written, `null` for one that is left to SQLite. */
  readonly first: string
  readonly second: string
}

/**
 * Keys that do not reach the engine: where the file is, and what each NOORMME does for itself. Whether WAL was written
 * or is the default matters only where WAL cannot be had, which is asked for by itself.
 */
const OWN = new Set([
  'dialect',
  'path',
  'memory',
  'explicitWAL',
  'performance.maxBatchSize',
  'performance.slowQueryThreshold',
  'performance.nPlusOneThreshold',
  'timestamps.createdAt',
  'timestamps.updatedAt',
])
const OWN_SECTIONS = /^(introspection|monitoring|backup)\./

/** The keys in which `second` asks for another engine than `first`; none when both can share one. */
export function compareConfigs(first: ResolvedConfig, second: ResolvedConfig): Difference[] {
  const values = leavesOf(withoutLogging(first))
  const others = leavesOf(withoutLogging(second))
  return [...new Set([...values.keys(), ...others.keys()])]
    .filter((key) => !OWN.has(key) && !OWN_SECTIONS.test(key) && values.get(key) !== others.get(key))
    .map((key) => ({ key, first: values.get(key) ?? 'nothing', second: others.get(key) ?? 'nothing' }))
}

/** The same for the archive of the log: one that wants none can share an engine that has one. */
export function compareArchives(first: ResolvedConfig, second: ResolvedConfig): Difference[] {
  if (second.backup.pointInTime === 0) return []
  return (['target', 'pointInTime', 'maxBacklog'] as const)
    .filter((name) => JSON.stringify(first.backup[name]) !== JSON.stringify(second.backup[name]))
    .map((name) => ({
      key: `backup.${name}`,
      first: JSON.stringify(first.backup[name]),
      second: JSON.stringify(second.backup[name]),
    }))
}

/** The logger is an object of the user's, whatever that holds. */
function withoutLogging({ logging: _, ...config }: ResolvedConfig): object {
  return config
}

function leavesOf(config: object, prefix = ''): Map<string, string> {
  const leaves = new Map<string, string>()
  for (const [name, value] of Object.entries(config)) {
    const key = `${prefix}${name}`
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value)
    for (const [path, leaf] of nested ? leavesOf(value, `${key}.`) : [[key, JSON.stringify(value)] as const]) {
      leaves.set(path, leaf)
    }
  }
  return leaves
}
