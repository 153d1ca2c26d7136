import { expect, test } from 'vitest'
import { NodeVersionError, SqliteVersionError } from '../errors.ts'
import { assertNodeVersion, assertSqliteVersion } from './version.ts'

test.each([
  ['3.44.5', false],
  ['3.44.6', true],
  ['3.44.10', true],
  ['3.45.0', false],
  ['3.49.2', false],
  ['3.50.6', false],
  ['3.50.7', true],
  ['3.51.0', false],
  ['3.51.2', false],
  ['3.51.3', true],
  ['3.51.10', true],
  ['3.52.0', false],
  ['3.52.1', true],
  ['3.53.0', true],
  ['3.100.0', true],
  ['4.0.0', true],
])('SQLite %s carries the fix of the WAL-reset bug: %s', (version, fixed) => {
  const check = (): void => assertSqliteVersion(version)
  if (fixed) expect(check).not.toThrow()
  else expect(check).toThrow(SqliteVersionError)
})

test.each([
  ['20.19.5', '9', false],
  ['22.13.1', '9', false],
  ['22.14.0', '10', true],
  ['23.5.0', '9', false],
  ['24.0.0', '10', true],
  ['26.1.0', '10', true],
  ['0.10.0', undefined, false],
])('Node.js %s with Node-API %s can run the driver: %s', (node, napi, able) => {
  const check = (): void => assertNodeVersion(napi === undefined ? { node } : { node, napi })
  if (able) expect(check).not.toThrow()
  else expect(check).toThrow(NodeVersionError)
})
