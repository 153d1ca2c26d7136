/** What a TypeScript file imports, by any of the ways to say it. */
import { posix } from 'node:path'
import { mask } from './mask.ts'
import type { Source } from './source.ts'

export interface Import {
  /** As written: `../errors.ts`, `node:fs`. */
  readonly specifier: string
  /** `import type`, `export type` or `import('x').Type`: nothing of it is left when the program runs. */
  readonly typeOnly: boolean
  /** The file meant, from the root; `null` for a package. */
  readonly file: string | null
  readonly line: number
}

/** `from` clauses, bare imports, and calls of import() and require(), each up to the quote of its specifier. */
const IMPORT =
  /(?<![.\w$])(?:(?:import|export)(\s+type\b(?!\s*(?:,|from\s*['"])))?(?:(?!\b(?:import|export)\b)[^'"`();=])*?\bfrom|import|(?:import|require)\s*\()\s*(?=(['"]))/g

/**
 * All imports of a file in order. `import { type A } from 'x'` is not type-only: with `verbatimModuleSyntax` an
 * `import {} from 'x'` stays behind, which loads the module.
 */
export function importsOf({ path, text }: Source): readonly Import[] {
  const code = mask(text)
  return [...code.matchAll(IMPORT)].map((match) => {
    const start = match.index + match[0].length + 1
    const end = code.indexOf(match[2] ?? '', start)
    const specifier = text.slice(start, end)
    const namesType = match[0].includes('(') && /^\s*\)\s*\.\s*[A-Z]/.test(code.slice(end + 1))
    return {
      specifier,
      typeOnly: match[1] !== undefined || namesType,
      file: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null,
      line: code.slice(0, start).split('\n').length,
    }
  })
}

/** `@scope/name` or `name` of an import from a package; `node:fs` stays as it is. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
