import { freshFile } from '../lib/fresh-file.ts'
import { openPrisma } from '../tables/prisma.ts'
import { run } from './scenario.ts'

const file = freshFile()
const prisma = await openPrisma(file)

const increment = () =>
  prisma.$transaction(async (tx) => {
    const { value } = await tx.counter.findUniqueOrThrow({ where: { id: 1 } })
    await tx.counter.update({ where: { id: 1 }, data: { value: value + 1 } })
  })

await run({ file, increment, close: () => prisma.$disconnect() })
