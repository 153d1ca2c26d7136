/**
 * Where the extension's binary for this platform lies in the package: `native/prebuilt/linux-x64.node`. Which C library
 * a Linux has is told as the driver tells it, by the loader that is mapped into the process.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export type NativeBinary =
  | { readonly file: string; readonly reason: null }
  /** Why there is none, as a sentence. */
  | { readonly file: null; readonly reason: string }

/** Platforms that the package carries a binary for. */
export const NATIVE_TARGETS = [
  'linux-x64',
  'linux-arm64',
  'linuxmusl-x64',
  'linuxmusl-arm64',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64',
  'win32-arm64',
] as const

/** What this process runs on, as binaries are named. */
export function nativeTarget({ platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'> = process): string {
  return `${platform === 'linux' && usesMusl() ? 'linuxmusl' : platform}-${arch}`
}

/**
 * The binary for this process; looks at the disk and loads nothing.
 *
 * @param module the URL of a module two folders below the package's root; `undefined` where a bundler has emptied it.
 */
export function findNativeBinary(
  target: string = nativeTarget(),
  module: string | undefined = import.meta.url,
): NativeBinary {
  if (module?.startsWith('file:') !== true) return missing('noormme has been bundled, which leaves it behind')
  const file = fileURLToPath(new URL(`../../native/prebuilt/${target}.node`, module))
  return existsSync(file) ? { file, reason: null } : missing(`there is no binary for ${target} at ${file}`)
}

const missing = (reason: string): NativeBinary => ({ file: null, reason })

function usesMusl(): boolean {
  try {
    return /\/ld-musl-[^/\s]*\.so/.test(readFileSync('/proc/self/maps', 'latin1'))
  } catch {
    return false
  }
}
