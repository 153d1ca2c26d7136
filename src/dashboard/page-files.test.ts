import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { tree } from '../../scripts/lib/tree.ts'
import { readPageFiles } from './page-files.ts'

it('has the page and its files by their paths, each with its type, and nothing else', async () => {
  const folder = await tree({
    'index.html': '<!doctype html>',
    'handler.js': 'secret',
    'assets/index-Bx3kQ9.js': 'x',
    'assets/index-Bx3kQ9.css': 'y',
    'assets/icon.svg': '<svg/>',
    'assets/notes.txt': 'no type',
    'assets/deeper/file.js': 'not served',
  })

  const files = readPageFiles(folder)

  expect([...(files ?? [])].map(([path, { type, immutable }]) => [path, type, immutable])).toEqual([
    ['', 'text/html; charset=utf-8', false],
    ['assets/icon.svg', 'image/svg+xml', true],
    ['assets/index-Bx3kQ9.css', 'text/css; charset=utf-8', true],
    ['assets/index-Bx3kQ9.js', 'text/javascript; charset=utf-8', true],
  ])
  expect(new TextDecoder().decode(files?.get('')?.bytes)).toBe('<!doctype html>')
})

it('gives equal files an equal tag, and others another', async () => {
  const one = readPageFiles(await tree({ 'index.html': 'a' }))?.get('')?.etag
  const same = readPageFiles(await tree({ 'index.html': 'a' }))?.get('')?.etag
  const other = readPageFiles(await tree({ 'index.html': 'b' }))?.get('')?.etag

  expect(one).toMatch(/^"[\w-]{22}"$/)
  expect(same).toBe(one)
  expect(other).not.toBe(one)
})

it('is nothing where the page has not been built', () => {
  const folder = mkdtempSync(join(tmpdir(), 'noormme-page-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))

  expect(readPageFiles(folder)).toBeNull()
})
