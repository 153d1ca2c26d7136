import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { workerEntry } from './worker-entry.ts'

/** A folder with a `worker.js` beside `name`, which need not exist. */
function beside(name: string): string {
  const folder = join(tempFolder(), 'dist', 'engine')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'worker.js'), '')
  return pathToFileURL(join(folder, name)).href
}

describe('the module of a thread', () => {
  test('lies beside the engine, in sources and in the built package', () => {
    expect(workerEntry(beside('engine.js')).pathname).toMatch(/\/dist\/engine\/worker\.js$/)
    const source = new URL('../engine.ts', import.meta.url).href
    expect(workerEntry(source).pathname).toMatch(/\/src\/engine\/worker\.ts$/)
  })

  test('is never another program’s worker.js beside a bundle: fails when the engine’s own name is not looked at', () => {
    expect(() => workerEntry(beside('bundle.js'))).toThrow(expect.objectContaining({ code: 'NOORMME_INITIALIZATION' }))
  })

  test.each([undefined, '', 'file:///nowhere/engine/engine.js'])('is not found from %s', (engine) => {
    expect(() => workerEntry(engine)).toThrow(expect.objectContaining({ code: 'NOORMME_INITIALIZATION' }))
  })
})
