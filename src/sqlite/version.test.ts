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
  ['18.20.0', false],
  ['20.19.5', false],
  ['22.11.9', false],
  ['22.12.0', true],
  ['22.12.0-nightly', true],
  ['22.100.0', true],
  ['24.0.0', true],
])('Node.js %s can run the driver: %s', (version, able) => {
  const check = (): void => assertNodeVersion(version)
  if (able) expect(check).not.toThrow()
  else expect(check).toThrow(NodeVersionError)
})
