import { expect, it } from 'vitest'
import { hiddenFile, hideTexts, withoutFolders } from './without-paths.ts'

it.each([
  ['at listWorks (file:///srv/app/src/works.ts:12:9)', 'at listWorks (src/works.ts:12:9)'],
  ['at listWorks (/srv/app/src/works.ts:12:9)', 'at listWorks (src/works.ts:12:9)'],
  ['at async file:///srv/app/main.ts:1:1', 'at async main.ts:1:1'],
  ['at run (file:///home/mira/other/run.js:3:4)', 'at run (run.js:3:4)'],
  ['at run (C:\\Users\\mira\\run.js:3:4)', 'at run (run.js:3:4)'],
  ['there is no binary at /opt/noormme/native/linux-x64.node', 'there is no binary at linux-x64.node'],
  ["ENOENT: statfs '/data/app.db'", "ENOENT: statfs 'app.db'"],
])('%s is told as %s', (text, told) => {
  expect(withoutFolders(text, '/srv/app')).toBe(told)
})

it.each(['1/2 of it', 'a / b', '/', 'and/or', 'https://sqlite.org/wal.html', 'SELECT a/b/c FROM t'])(
  'leaves %s as it is',
  (text) => {
    expect(withoutFolders(text, '/srv/app')).toBe(text)
  },
)

it('hides a file in JSON, also one whose name has to be escaped', () => {
  const path = '/srv/"data"\\x/app.db'
  const json = JSON.stringify({ error: `cannot open ${path}-wal: no`, other: '/srv' })

  expect(JSON.parse(hideTexts(json, hiddenFile(path)))).toEqual({ error: 'cannot open app.db-wal: no', other: '/srv' })
  expect(hiddenFile(':memory:').size).toBe(0)
  expect(hiddenFile(null).size).toBe(0)
})
