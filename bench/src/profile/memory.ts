/** What threads weigh: resident MiB that each one more of its kind adds. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { fileForTrial, prepareFile } from '../files/files.ts'

const THREADS = 4
const READY =
  "import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => {}); parentPort.postMessage(1)"
const source = (path: string): string => JSON.stringify(new URL(`../../../dist/${path}`, import.meta.url).href)
const driver = JSON.stringify(import.meta.resolve('better-sqlite3'))

export async function memory(folder: string): Promise<void> {
  await prepareFile(folder, 'empty')
  const file = JSON.stringify(await fileForTrial(folder, 'empty', 'trial'))
  // The first thread of a process brings what all of them share.
  await weigh('')
  const kinds = {
    'a thread of Node.js with nothing in it': '',
    'with the driver': `import ${driver};`,
    'with an open database': `import Database from ${driver}; globalThis.kept = new Database(${file});`,
    'with node:crypto': "import 'node:crypto';",
    'with noormme’s connection': `import ${source('sqlite/connection.js')};`,
    'with all modules of noormme’s threads': `import ${source('sqlite/connection.js')}; import ${source('engine/writer/group-commit.js')}; import ${source('engine/cursors.js')}; import ${source('engine/thread/send-read.js')};`,
  }
  for (const [name, program] of Object.entries(kinds)) {
    console.log(`${name.padEnd(48)} ${(await weigh(program)).toFixed(1)} MiB`)
  }
}

/** Threads are kept, so that none is given the memory of the one before. */
const kept: Worker[] = []
process.once('beforeExit', () => kept.splice(0).map((worker) => worker.terminate()))

async function weigh(program: string): Promise<number> {
  const before = process.memoryUsage.rss()
  for (let thread = 0; thread < THREADS; thread++) {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(`${program}${READY}`)}`))
    worker.unref()
    kept.push(worker)
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject).ref())
    worker.unref()
    await sleep(50)
  }
  return (process.memoryUsage.rss() - before) / THREADS / 2 ** 20
}
