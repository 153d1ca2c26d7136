import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseConnectionString } from './connection-string.ts'

const CWD = '/srv/app'

describe('a connection string', () => {
  it.each([
    ['./a.db', '/srv/app/a.db'],
    ['a.db', '/srv/app/a.db'],
    ['../a.db', '/srv/a.db'],
    ['/data/a.db', '/data/a.db'],
    ['data/my shop.db', '/srv/app/data/my shop.db'],
    ['./50%25.db', '/srv/app/50%25.db'],
    ['./what?.db', '/srv/app/what?.db'],
    ['./a#b@c.db', '/srv/app/a#b@c.db'],
    ['./postgres:a.db', '/srv/app/postgres:a.db'],
    ['...', '/srv/app/...'],
    ['sqlite:a.db', '/srv/app/a.db'],
    ['sqlite:./a.db', '/srv/app/a.db'],
    ['SQLite:./a.db', '/srv/app/a.db'],
    ['sqlite:/data/a.db', '/data/a.db'],
    ['sqlite:///data/a.db', '/data/a.db'],
    ['sqlite:////data/a.db', '/data/a.db'],
    ['sqlite://./a.db', '/srv/app/a.db'],
    ['sqlite://../a.db', '/srv/a.db'],
    ['sqlite://a.db', '/srv/app/a.db'],
    ['sqlite://data/a.db', '/srv/app/data/a.db'],
    ['sqlite:./a%20b#1.db', '/srv/app/a%20b#1.db'],
    ['file:a.db', '/srv/app/a.db'],
    ['file:./a.db', '/srv/app/a.db'],
    ['file:/data/a.db', '/data/a.db'],
    ['file:///data/a.db', '/data/a.db'],
    ['file://localhost/data/a.db', '/data/a.db'],
    ['file:///data/my%20shop%3F%23.db', '/data/my shop?#.db'],
    ['file:./caf%C3%A9.db', '/srv/app/café.db'],
  ])('%s is the file %s', (text, path) => {
    expect(parseConnectionString(text, CWD)).toEqual({ ok: true, value: { path, memory: false } })
  })

  it.each([':memory:', 'sqlite::memory:', 'sqlite://:memory:', 'file::memory:'])('%s is in memory', (text) => {
    expect(parseConnectionString(text, CWD)).toEqual({ ok: true, value: { path: ':memory:', memory: true } })
  })

  it.each(['C:\\data\\a.db', 'c:/data/a.db', 'sqlite:C:\\data\\a.db', 'sqlite://C:/data/a.db'])(
    '%s, with a drive letter, is a path and not a scheme',
    (text) => {
      expect(parseConnectionString(text, CWD)).toMatchObject({ ok: true, value: { memory: false } })
    },
  )

  it.each([
    ['', 'must not be empty'],
    ['sqlite:', 'must not be empty'],
    ['sqlite://', 'must not be empty'],
    ['file:', 'must not be empty'],
    ['file://', 'must not be empty'],
    [' a.db', 'blanks'],
    ['a.db ', 'blanks'],
    ['a.db\n', 'blanks'],
    ['sqlite: a.db', 'blanks'],
    ['file:./a.db%20', 'blanks'],
    ['a\0.db', 'control characters'],
    ['a\n.db', 'control characters'],
    ['file:./a%00.db', 'control characters'],
    ['a\ud800.db', 'well-formed'],
    ['./data/', 'not a folder'],
    ['/', 'not a folder'],
    ['.', 'not a folder'],
    ['./data/..', 'not a folder'],
    ['data\\', 'not a folder'],
    ['sqlite:///data/', 'not a folder'],
    ['file:///data/', 'not a folder'],
    ['~/a.db', 'only a shell replaces'],
    ['sqlite:///:memory:', "is written ':memory:'"],
    [':MEMORY:', "is written ':memory:'"],
    ['./:memory:', "is written ':memory:'"],
    ['./a.db?journal_mode=WAL', 'journal_mode is optimization.enableWALMode'],
    ['sqlite:./a.db?_busy_timeout=1&cache_size=2', '_busy_timeout is optimization.busyTimeout, cache_size is'],
    ['sqlite:./a.db?', 'configuration keys'],
    ['file:./a.db?mode=ro', 'configuration keys (for example optimization.busyTimeout)'],
    ['file:./a.db#1', 'fragment'],
    ['file:./100%.db', 'percent-encoded'],
    ['file://server/data/a.db', 'names a host'],
    ['file://./a.db', 'names a host'],
    ['sqlite://user@server/a.db', 'names a server'],
    ['sqlite://server:5432/a.db', 'names a server'],
    ['sqlite://localhost/a.db', 'names a server'],
    ['postgres://localhost/shop', 'names a postgres: database; noormme opens SQLite files only'],
    ['MySQL://localhost/shop', 'names a mysql: database'],
    ['libsql://shop.example.org', 'names a libsql: database'],
    ['sqlite3:./a.db', 'a scheme other than sqlite: or file:'],
    ['shop:a.db', 'written with "./" before it'],
  ])('%j is refused: %s', (text, reason) => {
    expect(parseConnectionString(text, CWD)).toEqual({ ok: false, problem: expect.stringContaining(reason) })
  })

  it.each([
    'postgres://admin:hunter2@db.example.org/shop',
    'sqlite://admin:hunter2@db.example.org/shop',
    'admin:hunter2@db.example.org',
    'hunter2:a.db',
    './a.db?hunter2=admin',
    './a.db?key=hunter2',
    'file:///a.db?authToken=hunter2',
    'file://hunter2/a.db',
    ' hunter2',
    'hunter2/',
  ])('%s is refused without being repeated', (text) => {
    const result = parseConnectionString(text, CWD)

    expect(result.ok).toBe(false)
    expect(JSON.stringify(result)).not.toMatch(/hunter2|admin|example\.org/)
  })

  it('names the file again that a file: URL was made from', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/[/\\]/.test(text))
    fc.assert(
      fc.property(name, (text) => {
        const result = parseConnectionString(`file:///data/${encodeURIComponent(text)}`, CWD)

        if (result.ok) expect(result.value).toEqual({ path: `/data/${text}`, memory: false })
        else expect(text === text.trim() && text !== '.' && text !== '..' && text !== ':memory:').toBe(false)
      }),
    )
  })

  it('never gives anything but an absolute path or memory', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', 'sqlite:', 'sqlite://', 'file:', 'file:///'),
        (text, head) => {
          const result = parseConnectionString(head + text, CWD)

          if (result.ok)
            expect(result.value.memory ? result.value.path === ':memory:' : result.value.path[0] === '/').toBe(true)
          else expect(result.problem).not.toBe('')
        },
      ),
    )
  })
})
