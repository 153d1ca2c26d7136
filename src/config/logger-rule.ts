/** The rule of a logger: an object with a method for each level, as pino and the console have them. */

import type { Logger } from './monitoring-types.ts'
import { accept, describe, type Rule, refuse } from './rules.ts'

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

export function logger(): Rule<Logger> {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refuse(`must be a logger, an object with the methods ${LEVELS.join(', ')}, got ${describe(value)}`)
    }
    const methods = value as Readonly<Record<string, unknown>>
    const missing = LEVELS.filter((level) => typeof methods[level] !== 'function')
    return missing.length === 0
      ? accept(value as Logger)
      : refuse(`must be a logger: it has no ${missing.join(', ')}()`)
  }
}
