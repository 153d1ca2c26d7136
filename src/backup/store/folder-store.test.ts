import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runProgram } from '../../../test/support/run-program.ts'
import { chunksOf, keysOf, storeConformance, textOf } from '../../../test/support/store-conformance.ts'
import { tempFolder } from '../../../test/support/temp-folder.ts'
import { FolderStore } from './folder-store.ts'

const HOLDER = `
import { FolderStore } from 'noormme/backup/store/folder-store.ts'
await new FolderStore(process.argv[2] as string).lock()
console.log('locked')
setInterval(() => {}, 1000)
`

describe('a folder is a store:', () => storeConformance(() => new FolderStore(join(tempFolder(), 'not', 'yet'))))

test('nothing of a failed put is left behind', async () => {
  const folder = tempFolder()
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half')
    throw new Error('the source failed')
  }

  await expect(new FolderStore(folder).put('a/b', failing())).rejects.toThrow('the source failed')

  expect(readdirSync(folder, { recursive: true })).toEqual(['.partial'])
})

test('a file prepared in the store is adopted without being copied', async () => {
  const store = new FolderStore(tempFolder())
  const path = await store.files.partialPath()
  writeFileSync(path, 'prepared')
  expect(await keysOf(store, '')).toEqual([])

  await store.files.adopt('a/b', path)

  expect(existsSync(path)).toBe(false)
  expect(await textOf(store.get('a/b'))).toBe('prepared')
})

test('what was prepared and given up is swept, but not what is younger than it is said, a lent file included', async () => {
  const store = new FolderStore(tempFolder())
  await store.put('a', chunksOf(['x']))
  utimesSync(join(store.description, 'a'), new Date(0), new Date(0))
  const lent = await store.files.lend('a')
  const path = await store.files.partialPath()
  writeFileSync(path, 'x')

  await store.files.sweep(3_600_000)
  expect([existsSync(lent.path), existsSync(path)]).toEqual([true, true])

  await store.files.sweep(-3_600_000)
  expect([existsSync(lent.path), existsSync(path)]).toEqual([false, false])
  expect(await textOf(store.get('a'))).toBe('x')
})

test('a folder that is none is said by name', async () => {
  const path = join(tempFolder(), 'file')
  writeFileSync(path, '')

  await expect(new FolderStore(path).put('a', chunksOf(['x']))).rejects.toMatchObject({
    code: 'NOORMME_BACKUP_STORE',
    message: expect.stringContaining(path),
    retryable: false,
  })
})

describe('the lock', () => {
  test('is one, within a process', async () => {
    const folder = tempFolder()
    const [first, second] = [new FolderStore(folder), new FolderStore(folder)]
    const lock = await first.lock()

    await expect(second.lock()).rejects.toMatchObject({ code: 'NOORMME_BACKUP_RUNNING', retryable: true })

    await lock.release()
    await (await second.lock()).release()
    expect(await keysOf(second, '')).toEqual([])
  })

  test('is one between processes, and ends with a process that is killed', async () => {
    const folder = tempFolder()
    const holder = runProgram(tempFolder(), HOLDER, [folder])
    await holder.line()

    await expect(new FolderStore(folder).lock()).rejects.toMatchObject({
      code: 'NOORMME_BACKUP_RUNNING',
      context: { holder: `process ${holder.child.pid}` },
    })

    holder.child.kill('SIGKILL')
    await holder.ended
    await (await new FolderStore(folder).lock()).release()
  })
})
