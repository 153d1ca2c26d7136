/**
 * Protects "finished means finished": no note to do it later, no test that silences the others, no error swallowed
 * without a word, in src, test and dashboard. A catch that rightly does nothing says why in a comment.
 */
import { mask } from './lib/mask.ts'
import { type Check, report } from './lib/report.ts'
import { lineAt, readSources, type Source } from './lib/source.ts'

const FOLDERS = ['src', 'test', 'dashboard']

interface Rule {
  readonly pattern: RegExp
  readonly why: string
  /** Look at the code alone, without comments and strings. */
  readonly codeOnly?: true
}

const RULES: readonly Rule[] = [
  { pattern: /\b(?:TODO|FIXME|XXX)\b/g, why: 'a note to do it later' },
  { pattern: /\bplaceholders?\b|\bnot (?:yet )?implemented\b/gi, why: 'unfinished work, or a word that reads like it' },
  {
    pattern: /\b(?:it|test|describe|suite|bench)(?:\.\w+)*\.only\b/g,
    why: 'all other tests of the file are left out',
    codeOnly: true,
  },
]

/** In the code alone, where a comment has become blanks: what the braces hold is then looked up in the text. */
const EMPTY_CATCH = /\bcatch\s*(?:\([^()]*\)\s*)?\{(\s*)\}/g

export const checkWords: Check = async (root) => {
  const sources = (await Promise.all(FOLDERS.map((folder) => readSources(root, folder)))).flat()
  return sources.flatMap((source) => [...words(source), ...emptyCatches(source)])
}

function words({ path, text }: Source): readonly string[] {
  return RULES.flatMap(({ pattern, why, codeOnly }) =>
    [...(codeOnly === true ? mask(text) : text).matchAll(pattern)].map(
      (match) => `${path}:${lineAt(text, match.index)} has "${match[0]}": ${why}`,
    ),
  )
}

function emptyCatches({ path, text }: Source): readonly string[] {
  return [...mask(text).matchAll(EMPTY_CATCH)]
    .filter((match) => !/\/[/*]/.test(text.slice(match.index, match.index + match[0].length)))
    .map((match) => `${path}:${lineAt(text, match.index)} has an empty catch: say in a comment why nothing is done`)
}

if (import.meta.main) await report('words', checkWords)
