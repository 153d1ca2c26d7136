import { recommended } from '../lib/verdict.ts'
import { openPrisma } from '../tables/prisma.ts'
import { run } from './scenario.ts'

const better = recommended('journal_mode = WAL')

await run(import.meta.url, async (file) => {
  const prisma = await openPrisma(file)
  if (better) await prisma.$queryRawUnsafe('PRAGMA journal_mode = WAL')
  const increment = () =>
    prisma.$transaction(async (tx) => {
      const { value } = await tx.counter.findUniqueOrThrow({ where: { id: 1 } })
      await tx.counter.update({ where: { id: 1 }, data: { value: value + 1 } })
    })
  return { increment, close: () => prisma.$disconnect() }
})
