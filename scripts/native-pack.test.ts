import { expect, test } from 'vitest'
import { NATIVE_TARGETS } from '../src/sqlite/native-binary.ts'
import { nativeProblems } from './lib/native-pack.ts'
import { ENTRIES, platformOf } from './lib/native-targets.ts'
import { silent, tree } from './lib/tree.ts'

const elf = (machine: number): string => `\x7fELF${'\0'.repeat(14)}${String.fromCharCode(machine)}${'\0'.repeat(60)}`
const LINUX = ['linux-x64', 'linuxmusl-x64'].map((name) => `native/prebuilt/${name}.node`)

async function problems(binary: string, complete: boolean): Promise<readonly string[]> {
  const root = await tree(Object.fromEntries(LINUX.map((path) => [path, binary])))
  return nativeProblems(root, LINUX, { complete, say: silent })
}

test('binaries of their platform, with both entries, are right', async () => {
  expect(await problems(`${elf(0x3e)}${ENTRIES.join('\0')}`, false)).toEqual([])
})

test('each binary that is missing is named where none may be', async () => {
  const found = await problems(`${elf(0x3e)}${ENTRIES.join('\0')}`, true)

  const missing = NATIVE_TARGETS.filter((target) => !target.endsWith('-x64') || !target.startsWith('linux'))
  expect(found).toEqual(missing.map((target) => `the tarball has no native binary for ${target}`))
})

test('a binary for another platform, or without its entries, is a problem', async () => {
  expect(await problems(elf(0x3e), false)).toContain('linux-x64.node lacks sqlite3_extension_init')
  expect(await problems(elf(0x3e), false)).toContain('linuxmusl-x64.node lacks napi_register_module_v1')
  expect(await problems(`${elf(0x3f)}${ENTRIES.join('\0')}`, false)).toContain(
    'linux-x64.node is made for linux-machine 3f',
  )
  expect(platformOf(Buffer.alloc(200))).toBe('unknown')
})
