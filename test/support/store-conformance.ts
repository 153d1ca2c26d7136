/** What every store of backups does, called by the test of each. */
import { isNoormmeError } from 'noormme'
import { expect, test } from 'vitest'
import type { BackupStore } from '../../src/backup/store/types.ts'

export function storeConformance(open: () => BackupStore): void {
  test('an object comes back as it was put, whatever the chunks', async () => {
    const store = open()
    await store.put('a/one', chunksOf(['hello', '', ' ', 'world']))

    expect(await textOf(store.get('a/one'))).toBe('hello world')
    expect(await textOf(store.get('a/one', { offset: 6 }))).toBe('world')
    expect(await textOf(store.get('a/one', { offset: 2, length: 3 }))).toBe('llo')
    expect(await textOf(store.get('a/one', { offset: 2, length: 0 }))).toBe('')
    expect(await textOf(store.get('a/one', { offset: 6, length: 100 }))).toBe('world')
  })

  test('an empty object is one', async () => {
    const store = open()
    await store.put('empty', chunksOf([]))

    expect(await textOf(store.get('empty'))).toBe('')
    expect(await keysOf(store, '')).toEqual(['empty 0'])
  })

  test('putting replaces', async () => {
    const store = open()
    await store.put('a', chunksOf(['long long long']))
    await store.put('a', chunksOf(['short']))

    expect(await textOf(store.get('a'))).toBe('short')
  })

  test('keys are listed in the order of their bytes, those that begin with the prefix', async () => {
    const store = open()
    for (const key of ['b/2', 'b/10', 'a', 'bc']) await store.put(key, chunksOf(['x']))

    expect(await keysOf(store, '')).toEqual(['a 1', 'b/10 1', 'b/2 1', 'bc 1'])
    expect(await keysOf(store, 'b/')).toEqual(['b/10 1', 'b/2 1'])
    expect(await keysOf(store, 'b')).toEqual(['b/10 1', 'b/2 1', 'bc 1'])
    expect(await keysOf(store, 'b/1')).toEqual(['b/10 1'])
    expect(await keysOf(store, 'nothing/here/')).toEqual([])
  })

  test('what was removed is gone; removing it again does nothing', async () => {
    const store = open()
    await store.put('a/b/c', chunksOf(['x']))
    await store.delete('a/b/c')
    await store.delete('a/b/c')

    expect(await keysOf(store, '')).toEqual([])
    const error = await textOf(store.get('a/b/c')).catch((thrown: unknown) => thrown)
    expect(isNoormmeError(error, 'NOORMME_BACKUP_MISSING')).toBe(true)
  })

  test('an object whose bytes do not come to their end does not appear, and leaves the one before', async () => {
    const store = open()
    await store.put('a', chunksOf(['before']))
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half')
      throw new Error('the source failed')
    }

    await expect(store.put('a', failing())).rejects.toThrow('the source failed')
    await expect(store.put('b', failing())).rejects.toThrow('the source failed')

    expect(await keysOf(store, '')).toEqual(['a 6'])
    expect(await textOf(store.get('a'))).toBe('before')
  })

  test('a signal ends a put, and nothing appears', async () => {
    const store = open()
    const controller = new AbortController()
    async function* aborted(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half')
      controller.abort()
      yield Buffer.from('rest')
    }

    await expect(store.put('a', aborted(), { signal: controller.signal })).rejects.toThrow(/abort/i)
    expect(await keysOf(store, '')).toEqual([])
  })

  test.each(['', '/', 'a//b', '../a', 'a/..', '.hidden', 'a/.b', 'a b', 'ä', '/a', 'a/', 'a\\b', 'a\0'])(
    '%j is no key',
    async (key) => {
      await expect(open().put(key, chunksOf(['x']))).rejects.toMatchObject({ code: 'NOORMME_BACKUP_STORE' })
    },
  )
}

export async function* chunksOf(texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

export async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts).toString()
}

/** Keys with their sizes. */
export async function keysOf(store: BackupStore, prefix: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key, bytes } of store.list(prefix)) keys.push(`${key} ${bytes}`)
  return keys
}
