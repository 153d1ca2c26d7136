import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileForTrial, prepareFile } from '../files/files.ts'
import { contains } from '../harness/contains.ts'
import type { Verified } from '../harness/task.ts'
import { verifyContestant } from '../harness/verify-contestant.ts'
import { QUESTIONS, questionsAt } from '../shop/questions.ts'
import { loadShop } from '../shop/shops.ts'
import { EVERYBODY } from '../work.ts'
import type { ContestantName } from './contestants.ts'

const OTHERS = EVERYBODY.filter((name) => name !== 'better-sqlite3')
const SAMPLES = [0, 7, 29, 61]

let folder: string
let expected: Verified
let answers: ReadonlyMap<string, unknown>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noormme-bench-test-'))
  await prepareFile(folder, 'empty')
  await prepareFile(folder, 'northwind')
  expected = await verified('better-sqlite3')
  answers = await shopAnswers('better-sqlite3')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it.each(OTHERS)('%s does what better-sqlite3 does, under the same settings', async (name) => {
  expect(await verified(name)).toEqual(expected)
})

it.each(OTHERS)('the shop of %s answers what that of better-sqlite3 does', async (name) => {
  const ours = await shopAnswers(name)
  const different = [...answers].filter(([question, answer]) => !contains(ours.get(question), answer))

  expect(different).toEqual([])
})

async function verified(contestant: ContestantName): Promise<Verified> {
  const path = await fileForTrial(folder, 'empty', `items-${contestant.replace(':', '-')}`)
  return verifyContestant({ name: contestant, contestant, synchronous: 'FULL', file: 'empty' }, path)
}

async function shopAnswers(contestant: ContestantName): Promise<ReadonlyMap<string, unknown>> {
  const path = await fileForTrial(folder, 'northwind', `shop-${contestant.replace(':', '-')}`)
  const shop = await (await loadShop(contestant))(path, 'FULL')
  const questions = questionsAt(1)
  const found = new Map<string, unknown>()
  for (const name of QUESTIONS) {
    for (const index of SAMPLES) found.set(`${name} ${index}`, await questions[name].ask(shop, index))
  }
  await shop.close()
  return found
}
