/** Checks what callers pass to the methods of backups. An option that there is not is an error that names the nearest one. */
import { ValidationError } from '../errors.ts'
import { nearest } from '../util/nearest.ts'

/** @throws ValidationError unless `options` has known names alone, and those that are required, and each is what it should be. */
export function checkOptions(
  method: string,
  options: unknown,
  kinds: Readonly<Record<string, Kind>>,
  required: readonly string[] = [],
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ValidationError({ subject: `${method}()`, reason: 'takes an object of options' })
  }
  for (const name of required) {
    if ((options as Record<string, unknown>)[name] !== undefined) continue
    throw new ValidationError({ subject: `${method}()`, reason: `needs the option "${name}"` })
  }
  for (const [name, value] of Object.entries(options)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
    if (kind === undefined) {
      const close = nearest(name, Object.keys(kinds))
      const meant = close.length === 0 ? '' : ` Did you mean "${close.join('" or "')}"?`
      throw new ValidationError({ subject: `${method}()`, reason: `has no option "${name}".${meant}` })
    }
    if (value !== undefined && !KINDS[kind].is(value)) {
      throw new ValidationError({ subject: `option "${name}" of ${method}()`, reason: `must be ${KINDS[kind].name}` })
    }
  }
}

export type Kind = keyof typeof KINDS

const KINDS = {
  text: { name: 'a string', is: (value: unknown) => typeof value === 'string' && value !== '' },
  flag: { name: 'true or false', is: (value: unknown) => typeof value === 'boolean' },
  rate: {
    name: 'a number of bytes a second, 65,536 or more',
    is: (value: unknown) => Number(value) >= 65_536 && typeof value === 'number',
  },
  list: {
    name: 'a list of strings',
    is: (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  },
  time: { name: 'a Date', is: isTime },
  commit: { name: 'the number of a commit', is: isCommit },
  point: { name: 'a Date or the number of a commit', is: (value: unknown) => isTime(value) || isCommit(value) },
  count: {
    name: 'a whole number, 1 or more',
    is: (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0,
  },
  function: { name: 'a function', is: (value: unknown) => typeof value === 'function' },
  signal: { name: 'an AbortSignal', is: (value: unknown) => value instanceof AbortSignal },
} as const satisfies Readonly<Record<string, { readonly name: string; readonly is: (value: unknown) => boolean }>>

function isTime(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime())
}

function isCommit(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
