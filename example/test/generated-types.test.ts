import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

test('the types in the repository are those of the migrations', () => {
  const script = fileURLToPath(new URL('../scripts/generate.ts', import.meta.url))
  const said = execFileSync(process.execPath, [script, '--check'], { encoding: 'utf8' })

  expect(said).toContain('up to date')
})
