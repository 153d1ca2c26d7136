import { freshFile } from '../lib/fresh-file.ts'
import { oneAfterAnother } from '../lib/queue.ts'
import { recommended } from '../lib/verdict.ts'
import { openPrisma } from '../tables/prisma.ts'
import { run } from './scenario.ts'

const queued = recommended('a queue of your own around every call')
const file = freshFile()
const prisma = await openPrisma(file)
const queue = oneAfterAnother()

type Work = (insert: (name: string) => Promise<unknown>) => Promise<void>
const transaction = (work: Work) => prisma.$transaction((tx) => work((name) => tx.item.create({ data: { name } })))
const insert = (name: string) => prisma.item.create({ data: { name } })

await run({
  file,
  transaction: (work) => (queued ? queue(() => transaction(work)) : transaction(work)),
  insert: (name) => (queued ? queue(() => insert(name)) : insert(name)),
  close: () => prisma.$disconnect(),
})
