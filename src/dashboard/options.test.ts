import { expect, it } from 'vitest'
import { isNoormmeError } from '../errors.ts'
import { resolveOptions } from './options.ts'

const logger = { info: () => {}, warn: () => {}, error: () => {} }

it.each([
  [{}],
  [{ token: 'sixteen-letters-' }],
  [{ authorize: () => true }],
  [{ basePath: '/' }],
  [{ basePath: '/admin/data-base_1.~@x/' }],
  [{ logger, allowActions: true, signal: new AbortController().signal }],
])('takes %j', (options) => {
  expect(() => resolveOptions(options)).not.toThrow()
})

it('leaves out the slash at the end of a path', () => {
  expect(resolveOptions({ basePath: '/admin/' }).basePath).toBe('/admin')
  expect(resolveOptions({ basePath: '/' }).basePath).toBe('')
})

it.each<[unknown, string]>([
  [null, 'takes an object of options'],
  [{ tokn: 'x' }, 'has no option "tokn". Did you mean token?'],
  [{ token: 'short' }, 'needs a token of at least 16 characters'],
  [{ token: 1234567890123456 }, 'needs a token of at least 16 characters'],
  [{ authorize: true }, 'needs a function for authorize'],
  [{ token: 'sixteen-letters-', authorize: () => true }, 'takes a token or authorize, not both'],
  [{ allowActions: 'yes' }, 'needs true or false for allowActions'],
  [{ basePath: 'admin' }, 'needs a basePath that begins with a slash'],
  [{ basePath: '/a//b' }, 'needs a basePath that begins with a slash'],
  [{ basePath: '/a?b' }, 'needs a basePath that begins with a slash'],
  [{ signal: {} }, 'needs an AbortSignal for signal'],
  [{ logger: { info: () => {} } }, 'needs a logger with info(), warn() and error()'],
])('refuses %j', (options, message) => {
  try {
    resolveOptions(options as object)
  } catch (error) {
    if (!isNoormmeError(error, 'NOORMME_VALIDATION')) throw error
    expect(error.message).toContain(message)
    return
  }
  throw new Error('nothing was refused')
})
