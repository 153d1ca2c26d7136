/** The right key for a wrong one: a slip of the fingers, the right name in the wrong section, or another tool's word. */
import { nearest } from '../util/nearest.ts'
import { ALIASES, CONFIG_KEYS, SECTIONS } from './keys.ts'

/** What other tools and SQLite itself call our keys, in lower case and without separators. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['path', 'connection.database'],
  ['file', 'connection.database'],
  ['filename', 'connection.database'],
  ['url', 'connection.database'],
  ['connectionstring', 'connection.database'],
  ['user', 'connection.username'],
  ['wal', 'optimization.enableWALMode'],
  ['walmode', 'optimization.enableWALMode'],
  ['journalmode', 'optimization.enableWALMode'],
  ['foreignkeys', 'optimization.enableForeignKeys'],
  ['timeout', 'optimization.busyTimeout'],
  ['batchsize', 'performance.maxBatchSize'],
  ['poolsize', 'performance.readers'],
  ['plugins', 'kysely.plugins'],
])

const ALIAS_PATHS: ReadonlySet<string> = new Set(Object.keys(ALIASES))

/** The paths somebody who wrote `path` probably meant, at most two. */
export function suggestKeys(path: string): string[] {
  const section = path.includes('.') ? path.slice(0, path.indexOf('.')) : null
  const name = path.slice(path.lastIndexOf('.') + 1)

  const known = OTHER_WORDS.get(name.toLowerCase().replace(/[_-]/g, ''))
  if (known !== undefined) return [known]

  const candidates = [...CONFIG_KEYS, ...SECTIONS]
  const place = (leaf: string): string[] => {
    const places = candidates.filter((candidate) => lastName(candidate) === leaf)
    const here = places.filter((candidate) => section !== null && candidate === `${section}.${leaf}`)
    return here.length > 0 ? here : places.filter((candidate) => !ALIAS_PATHS.has(candidate))
  }
  return nearest(name, candidates.map(lastName)).flatMap(place).slice(0, 2)
}

/** What to say about a key that does not exist. */
export function unknownKey(path: string): string {
  const [first, second] = suggestKeys(path)
  if (first === undefined) return 'is not a configuration key'
  return `is not a configuration key; did you mean ${second === undefined ? first : `${first} or ${second}`}?`
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}
