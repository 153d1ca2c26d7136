import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { PACKAGE_VERSION } from './package-version.ts'

test('the version is the one of package.json', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  expect(PACKAGE_VERSION).toBe(manifest.version)
})
