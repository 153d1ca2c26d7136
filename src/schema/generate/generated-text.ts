/**
 * Reading a generated file again. Projects run formatters over all their files, so a file counts as the same when it
 * differs in white space, quotes, semicolons, commas and where a union begins a line.
 */
import type { SchemaDescription } from '../../config/types.ts'

/** Comments, texts, names, then single characters; white space is what is left. */
const TOKEN = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[\p{ID_Continue}$]+|\S/gu
const SEPARATORS = new Set([',', ';'])
/** A `|` behind one of these begins a union, and says nothing. */
const BEFORE_UNION = new Set([':', '<', '(', '=', ...SEPARATORS])

interface Token {
  readonly kind: 'text' | 'other'
  readonly value: string
}

/** Whether two files say the same. */
export function isSameCode(a: string, b: string): boolean {
  const [first, second] = [tokensOf(a), tokensOf(b)]
  return (
    first.length === second.length &&
    first.every(({ kind, value }, index) => kind === second[index]?.kind && value === second[index]?.value)
  )
}

/** The description in a generated file, `null` when there is none that can be read. */
export function descriptionIn(text: string): SchemaDescription | null {
  const tokens = tokensOf(text)
  const type = tokens.findIndex(
    ({ value }, index) =>
      value === 'SchemaDescription' && tokens[index - 1]?.value === ':' && tokens[index + 1]?.value === '=',
  )
  const read = type === -1 ? null : readObject(tokens, type + 2)
  if (read === null) return null
  const { naming, dates, tables } = read.object
  const isWhole = typeof naming === 'string' && typeof dates === 'string' && typeof tables === 'object'
  return isWhole ? (read.object as unknown as SchemaDescription) : null
}

type Value = string | { readonly [name: string]: Value }

/** An object whose values are texts and objects; `next` is behind its brace. */
function readObject(
  tokens: readonly Token[],
  start: number,
): { readonly object: { readonly [name: string]: Value }; readonly next: number } | null {
  if (tokens[start]?.value !== '{') return null
  const entries: [string, Value][] = []
  let at = start + 1
  while (at < tokens.length && !is(tokens[at], '}')) {
    const name = tokens[is(tokens[at], '[') ? at + 1 : at]
    at = is(tokens[at], '[') ? at + 3 : at + 1
    const value = tokens[at + 1]
    if (name === undefined || !is(tokens[at], ':') || value === undefined) return null
    const inner = readObject(tokens, at + 1)
    if (inner === null && value.kind !== 'text') return null
    entries.push([name.value, inner === null ? value.value : inner.object])
    at = inner === null ? at + 2 : inner.next
  }
  return at < tokens.length ? { object: Object.fromEntries(entries), next: at + 1 } : null
}

function is(token: Token | undefined, character: string): boolean {
  return token?.kind === 'other' && token.value === character
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let before = ''
  for (const [raw] of text.matchAll(TOKEN)) {
    const isNoise = SEPARATORS.has(raw) || (raw === '|' && BEFORE_UNION.has(before))
    if (!isNoise) tokens.push(tokenOf(raw))
    before = raw
  }
  return tokens
}

function tokenOf(raw: string): Token {
  if (/^['"]/.test(raw)) return { kind: 'text', value: unescaped(raw.slice(1, -1)) }
  return { kind: 'other', value: raw.startsWith('/') ? raw.replace(/\s+/g, ' ') : raw }
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u\{([0-9a-f]+)\}|(.))/gi, (_, code: string | undefined, character: string) =>
    code === undefined ? (character === 'n' ? '\n' : character) : String.fromCodePoint(Number.parseInt(code, 16)),
  )
}
