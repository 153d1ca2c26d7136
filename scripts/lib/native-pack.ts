/** What is wrong with the binaries of the extension in a tarball. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NATIVE_TARGETS } from '../../src/sqlite/native-binary.ts'
import { FOLDER } from './native-build.ts'
import { ENTRIES, platformOf } from './native-targets.ts'

/**
 * One sentence for each binary that lacks its platform or its entries, and, where none may be missing, for each that is
 * not there. `packed` are the tarball's paths.
 */
export async function nativeProblems(
  root: string,
  packed: readonly string[],
  { complete, say }: { readonly complete: boolean; readonly say: (line: string) => void },
): Promise<readonly string[]> {
  const missing = NATIVE_TARGETS.filter((target) => !packed.includes(`${FOLDER}/${target}.node`))
  if (missing.length > 0) say(`native binaries not made: ${missing.join(', ')} (npm run build:native)`)
  const problems = complete ? missing.map((target) => `the tarball has no native binary for ${target}`) : []
  for (const target of NATIVE_TARGETS.filter((each) => !missing.includes(each))) {
    const binary = await readFile(join(root, FOLDER, `${target}.node`))
    const platform = platformOf(binary)
    if (platform !== target.replace('musl', '')) problems.push(`${target}.node is made for ${platform}`)
    for (const entry of ENTRIES) {
      if (!binary.includes(entry)) problems.push(`${target}.node lacks ${entry}`)
    }
  }
  return problems
}
