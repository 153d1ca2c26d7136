/**
 * The files of the page, as they were built. What may be served is what is there: a path is looked up among the names
 * found, never made into a path of the disk.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly etag: string
  /** Its name changes with its content. */
  readonly immutable: boolean
}

/** By path below the page's: `''` is the page itself, `assets/index-Bx3kQ9.js` one of its files. */
export type PageFiles = ReadonlyMap<string, PageFile>

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** The same from the sources and from the built package. */
const PAGE_FOLDER = import.meta.url === undefined ? '' : new URL('../../dist/dashboard/page/', import.meta.url)

let kept: PageFiles | null = null

/** Read at the first request and kept; `null` where the page has not been built. */
export function pageFiles(): PageFiles | null {
  kept ??= PAGE_FOLDER === '' ? null : readPageFiles(fileURLToPath(PAGE_FOLDER))
  return kept
}

/** @param folder with `index.html` and `assets/`; what else there is, is not served. */
export function readPageFiles(folder: string): PageFiles | null {
  const page = read(join(folder, 'index.html'), { immutable: false })
  if (page === null) return null
  const names = list(join(folder, 'assets'))
  const assets = names.flatMap((name) => {
    const file = read(join(folder, 'assets', name), { immutable: true })
    return file === null ? [] : [[`assets/${name}`, file] as const]
  })
  return new Map([['', page], ...assets])
}

function read(path: string, { immutable }: { readonly immutable: boolean }): PageFile | null {
  const type = TYPES[extname(path)]
  if (type === undefined) return null
  try {
    const bytes = new Uint8Array(readFileSync(path))
    return { bytes, type, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`, immutable }
  } catch {
    // Not there, or a folder: it is not served.
    return null
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // A page without files of its own.
    return []
  }
}
