/** Pages of a dashboard, looked at from a process of their own. */
import { fork } from 'node:child_process'
import { once } from 'node:events'

/** Resolves when all are open, with what closes them. */
export async function openPages(address: string, count: number): Promise<() => Promise<void>> {
  const child = fork(new URL('./page-reader.ts', import.meta.url), [address, String(count)])
  const exited = once(child, 'exit')
  await Promise.race([
    once(child, 'message'),
    exited.then(() => Promise.reject(new Error('the process that reads the pages has ended'))),
  ])
  return async () => {
    child.disconnect()
    await exited
  }
}
