/** The files that the checks look at, with paths as they are written in imports: from the root, with `/`. */
import { readdir, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'

export interface Source {
  /** `src/engine/engine.ts` */
  readonly path: string
  readonly text: string
}

/** All files below one folder of the root, in a stable order. A folder that does not exist has none. */
export async function listFiles(root: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(absent)
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter((path) => !path.includes('node_modules/'))
    .sort()
}

/** TypeScript files below a folder, tests among them. */
export async function readSources(root: string, folder: string): Promise<readonly Source[]> {
  const paths = (await listFiles(root, folder)).filter((path) => /\.[cm]?tsx?$/.test(path))
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })))
}

/** TypeScript files below a folder that become part of the package. */
export async function readProduction(root: string, folder: string): Promise<readonly Source[]> {
  return (await readSources(root, folder)).filter(({ path }) => !isTest(path))
}

export function isTest(path: string): boolean {
  return /\.test(?:-d)?\.tsx?$/.test(path)
}

/** Text of a file, or `undefined` when there is no such file. */
export async function readText(root: string, path: string): Promise<string | undefined> {
  return readFile(join(root, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

/** 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

function absent(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') return []
  throw error
}
