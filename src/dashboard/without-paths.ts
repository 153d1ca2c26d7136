/** Where things lie on the disk is nothing for who looks at a page: files are named without their folders. */
import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Replaces, in a text that is JSON, each text of `hidden` by what stands for it. */
export function hideTexts(json: string, hidden: ReadonlyMap<string, string>): string {
  let result = json
  for (const [text, name] of hidden) result = result.replaceAll(inJson(text), inJson(name))
  return result
}

/** The file of a database, also as it may stand in messages about its companions. */
export function hiddenFile(path: string | null): ReadonlyMap<string, string> {
  return path === null || path === ':memory:' ? new Map() : new Map([[path, basename(path)]])
}

/**
 * `at listWorks (file:///srv/app/src/works.ts:12:9)` as `at listWorks (src/works.ts:12:9)`: from the working directory
 * on, and of what lies elsewhere the name.
 */
export function withoutFolders(text: string, directory: string = process.cwd()): string {
  const starts = [`${pathToFileURL(directory).href}/`, `${directory}/`, `${directory}\\`]
  return text.replace(PATH, (path) => {
    const start = starts.find((each) => path.startsWith(each))
    return start === undefined ? (path.split(/[\\/]/).at(-1) ?? '') : path.slice(start.length)
  })
}

/** At the beginning of a word, and two names at least. */
const PATH = /(?<=^|[\s('"])(?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^\s()'"\\/]+[\\/][^\s()'"]*/g

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
