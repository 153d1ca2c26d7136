/** Names and texts as TypeScript writes them. */

/** Characters that would end the literal, or that nobody sees in a file. */
const ESCAPED = /[\\\p{Cc}\p{Cf}\u2028\u2029]/gu

/** A text in single quotes, or in double ones where that spares escaping, as formatters have it. */
export function stringLiteral(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  return `${quote}${text.replace(ESCAPED, escaped).replaceAll(quote, `\\${quote}`)}${quote}`
}

/**
 * What a TypeScript name may hold everywhere. Compilers and Node.js know Unicode in different versions, so only scripts
 * that have been complete for long are left unquoted: Latin to Arabic, Devanagari, Thai, Kana, Han, Hangul.
 */
const LETTERS = String.raw`\u0000-\u06FF\u0900-\u097F\u0E00-\u0E7F\u1E00-\u1FFF\u3041-\u30FF\u4E00-\u9FCC\uAC00-\uD7A3`
const NO_NAME = new RegExp(`[^${LETTERS}]|[^\\p{ID_Continue}$]`, 'gu')

/** What is left of a text as part of a TypeScript name. */
export function namePart(text: string): string {
  return text.replace(NO_NAME, '')
}

/** Whether a text, as it is, is a TypeScript name. */
function isName(text: string): boolean {
  return namePart(text) === text && /^[\p{ID_Start}$_]/u.test(text)
}

/** A property's name: as it is where it is a TypeScript name, else quoted. */
export function propertyLiteral(name: string): string {
  // In an object literal a plain `__proto__` would be the prototype.
  if (name === '__proto__') return "['__proto__']"
  return isName(name) ? name : stringLiteral(name)
}

function escaped(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\\') return '\\\\'
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
