/**
 * Source text with everything that is not code blanked out, so that a search for `import … from` or `console.` does
 * not trip over a comment, a string, a template or a regular expression that merely talks about it.
 *
 * Length and line breaks stay as they are: an offset in the result is the same place in the source.
 */

/** After one of these a slash opens a regular expression; after a name, a number or a closing bracket it divides. */
const BEFORE_REGEX = /^(?:[(,=:[!&|?{;+\-*%~^<>]|return|typeof|case|in|of|new|delete|void|throw|else|do|await|yield|)$/

export function mask(text: string): string {
  const out = [...Array(text.length).keys()].map((index) => text.charAt(index))
  const blank = (from: number, to: number): void => {
    for (let i = from; i < to; i++) if (out[i] !== '\n') out[i] = ' '
  }
  /** Brace depth at which each open template literal goes on. */
  const templates: number[] = []
  let depth = 0
  let last = ''
  let at = text.startsWith('#!') ? endOf(text, 0, '\n') : 0
  blank(0, at)

  while (at < text.length) {
    const two = text.slice(at, at + 2)
    const one = text.charAt(at)
    let end = at + 1
    if (two === '//' || two === '/*') {
      end = two === '//' ? endOf(text, at, '\n') : endOf(text, at + 2, '*/')
      blank(at, end)
    } else if (one === "'" || one === '"') {
      end = skip(text, end, (char) => char === one || char === '\n') + 1
      blank(at + 1, end - 1)
      last = one
    } else if (one === '`' || (one === '}' && templates.at(-1) === depth - 1)) {
      if (one === '}') {
        templates.pop()
        depth--
      }
      end = skip(text, end, (char, i) => char === '`' || (char === '$' && text[i + 1] === '{'))
      blank(at + 1, end)
      if (text[end] === '$') templates.push(depth++)
      last = text[end] === '$' ? '{' : '`'
      end += text[end] === '$' ? 2 : 1
    } else if (one === '/' && BEFORE_REGEX.test(last)) {
      let inClass = false
      end = skip(text, end, (char) => {
        if (char === '[' || char === ']') inClass = char === '['
        return char === '\n' || (char === '/' && !inClass)
      })
      blank(at + 1, end++)
      last = '/'
    } else if (/[\w$]/.test(one)) {
      end = skip(text, end, (char) => !/[\w$]/.test(char))
      last = text.slice(at, end)
    } else if (one.trim() !== '') {
      if (one === '{') depth++
      if (one === '}') depth--
      last = one
    }
    at = end
  }
  return out.join('')
}

/** Index of the first character that `stop` accepts, escaped ones passed over; the end when there is none. */
function skip(text: string, from: number, stop: (char: string, index: number) => boolean): number {
  let at = from
  while (at < text.length && !stop(text.charAt(at), at)) at += text[at] === '\\' ? 2 : 1
  return Math.min(at, text.length)
}

function endOf(text: string, from: number, mark: string): number {
  const found = text.indexOf(mark, from)
  return found === -1 ? text.length : found + (mark === '\n' ? 0 : mark.length)
}
