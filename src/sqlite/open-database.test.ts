import { existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openConnection } from '../../test/support/open-connection.ts'
import { tempFolder } from '../../test/support/temp-folder.ts'
import { ConnectionError, InitializationError, NotADatabaseError } from '../errors.ts'

/** Files below `folder` that this process has open. */
function openFiles(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${descriptor}`)
      return file.startsWith(folder) ? [file] : []
    } catch {
      // The descriptor that read the list itself is closed by now.
      return []
    }
  })
}

describe('a failing open', () => {
  test.skipIf(process.platform !== 'linux')('leaves nothing open, whatever failed', async () => {
    const folder = tempFolder()
    const at = (name: string): string => join(folder, name)
    mkdirSync(at('directory'))
    writeFileSync(at('text'), 'this is a text of more than a hundred bytes '.repeat(10))
    writeFileSync(at('throws.mjs'), 'export default () => { throw new Error("no") }')
    writeFileSync(at('nothing.mjs'), 'export const setup = 1')
    new BetterSqlite3(at('good.db')).exec('CREATE TABLE t (a)').close()
    const held = await openConnection({ path: at('wal.db') })
    held.write('CREATE TABLE t (a)', [])

    await expect(openConnection({ path: at('directory') })).rejects.toBeInstanceOf(ConnectionError)
    await expect(openConnection({ path: at('text') })).rejects.toBeInstanceOf(NotADatabaseError)
    await expect(openConnection({ path: at('none/none.db') })).rejects.toBeInstanceOf(ConnectionError)
    await expect(openConnection({ path: at('none.db'), role: 'reader' })).rejects.toBeInstanceOf(ConnectionError)
    await expect(openConnection({ path: at('good.db'), settings: { pageSize: 512 } })).rejects.toBeInstanceOf(
      InitializationError,
    )
    await expect(openConnection({ path: at('wal.db'), settings: { enableWALMode: false } })).rejects.toMatchObject({
      code: 'NOORMME_BUSY',
    })
    await expect(openConnection({ path: at('good.db'), settings: { mmapSize: 2 ** 40 } })).rejects.toBeInstanceOf(
      InitializationError,
    )
    for (const setup of ['throws.mjs', 'nothing.mjs', 'missing.mjs']) {
      await expect(openConnection({ path: at('good.db'), extensions: { setup: at(setup) } })).rejects.toBeInstanceOf(
        InitializationError,
      )
    }
    await expect(
      openConnection({ path: at('good.db'), extensions: { libraries: [at('missing.so')] } }),
    ).rejects.toBeInstanceOf(InitializationError)

    // SQLite keeps the descriptors of a closed connection as long as another one has locks on the same file.
    expect(openFiles(folder)).toContain(held.path)
    held.close()
    expect(openFiles(folder)).toEqual([])
  })

  test('leaves a file that is no database as it was', async () => {
    const path = join(tempFolder(), 'text')
    writeFileSync(path, 'this is a text of more than a hundred bytes '.repeat(10))

    await expect(openConnection({ path })).rejects.toMatchObject({ code: 'NOORMME_NOT_A_DATABASE', context: { path } })
    expect(readdirSync(join(path, '..'))).toEqual(['text'])
  })
})

test('a name is opened as it is, or refused where the driver would open another file', async () => {
  const folder = tempFolder()
  const names = [' a.db', 'b?c#%20.db', 'file:d.db', 'é😀.db']
  for (const name of names) {
    const connection = await openConnection({ path: join(folder, name) })
    connection.write('CREATE TABLE t (a)', [])
  }
  expect(readdirSync(folder).filter((name) => name.endsWith('.db'))).toEqual(expect.arrayContaining(names))

  await expect(openConnection({ path: join(folder, 'a.db ') })).rejects.toBeInstanceOf(ConnectionError)
  await expect(openConnection({ path: join(folder, 'a.db\n') })).rejects.toThrow(/space/)
  expect(existsSync(join(folder, 'a.db'))).toBe(false)
})
