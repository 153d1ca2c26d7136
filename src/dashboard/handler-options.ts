/** Options of handlers, checked like every option of this package. */
import { ValidationError } from '../errors.ts'
import { nearest } from '../util/nearest.ts'

/** @throws ValidationError for what is no object, or has another key than `known`. */
export function checkOptions<Options extends object>(
  subject: string,
  options: Options,
  known: readonly (keyof Options & string)[],
): Options {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ValidationError({ subject, reason: 'takes an object of options' })
  }
  const unknown = Object.keys(options).find((key) => !(known as readonly string[]).includes(key))
  if (unknown === undefined) return options
  const close = nearest(unknown, known)
  const meant = close.length === 0 ? '' : ` Did you mean "${close.join('" or "')}"?`
  throw new ValidationError({ subject, reason: `has no option "${unknown}".${meant}` })
}
