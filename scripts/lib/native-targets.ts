/** Every platform that the package carries the extension for, as zig calls it, and what its binaries look like. */
import type { NATIVE_TARGETS } from '../../src/sqlite/native-binary.ts'

export type NativeTarget = (typeof NATIVE_TARGETS)[number]

/** The oldest C library or system that Node.js itself asks for, or an older one. */
export const ZIG_TARGETS: Readonly<Record<NativeTarget, string>> = {
  'linux-x64': 'x86_64-linux-gnu.2.17',
  'linux-arm64': 'aarch64-linux-gnu.2.17',
  'linuxmusl-x64': 'x86_64-linux-musl',
  'linuxmusl-arm64': 'aarch64-linux-musl',
  'darwin-x64': 'x86_64-macos.11.0',
  'darwin-arm64': 'aarch64-macos.11.0',
  'win32-x64': 'x86_64-windows-gnu',
  'win32-arm64': 'aarch64-windows-gnu',
}

/** The functions that SQLite and Node.js look for. */
export const ENTRIES = ['sqlite3_extension_init', 'napi_register_module_v1']

/** What this file is made for, by its header: `linux-x64`, `darwin-arm64`, …; musl cannot be told there. */
export function platformOf(binary: Buffer): string {
  if (binary.toString('latin1', 0, 4) === '\x7fELF') return `linux-${machine(binary.readUInt16LE(18), 0x3e, 0xb7)}`
  if (binary.readUInt32LE(0) === 0xfeedfacf) {
    return `darwin-${machine(binary.readUInt32LE(4), 0x0100_0007, 0x0100_000c)}`
  }
  const header = binary.readUInt32LE(0x3c)
  const isWindows = binary.toString('latin1', header, header + 4) === 'PE\0\0'
  return isWindows ? `win32-${machine(binary.readUInt16LE(header + 4), 0x8664, 0xaa64)}` : 'unknown'
}

function machine(code: number, x64: number, arm64: number): string {
  return code === x64 ? 'x64' : code === arm64 ? 'arm64' : `machine ${code.toString(16)}`
}
