/** Names and texts as TypeScript writes them. */

/** Characters that would end the literal, or that nobody sees in a file. */
const ESCAPED = /[\\\p{Cc}\p{Cf}\u2028\u2029]/gu

/** A text in single quotes, or in double ones where that spares escaping, as formatters have it. */
export function stringLiteral(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  return `${quote}${text.replace(ESCAPED, escaped).replaceAll(quote, `\\${quote}`)}${quote}`
}

/** A property's name: as it is where it is a TypeScript name, else quoted. */
export function propertyLiteral(name: string): string {
  // In an object literal a plain `__proto__` would be the prototype.
  if (name === '__proto__') return "['__proto__']"
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : stringLiteral(name)
}

function escaped(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\\') return '\\\\'
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
