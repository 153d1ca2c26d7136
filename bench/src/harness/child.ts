/** The child process of one trial: does its one task, answers, ends. */
import { WORKS } from '../works/works.ts'
import type { Answer, Refusal, Task } from './task.ts'
import { verifyContestant } from './verify-contestant.ts'

/** Some errors carry a whole statement of many rows. */
const MAX_REASON = 200

process.once('message', async (task: Task) => {
  const answer = await perform(task).then(answered, refused)
  process.send?.(answer, () => process.exit())
})

function answered(result: Answer['result']): Answer {
  const { user, system } = process.cpuUsage()
  return { result, cpuMs: (user + system) / 1000 }
}

function refused(error: unknown): Refusal {
  const text = error instanceof Error ? error.message : String(error)
  return { failed: text.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_REASON) }
}

async function perform(task: Task): Promise<Answer['result']> {
  if (task.kind === 'verify') return verifyContestant(task.lane, task.path)
  const work = WORKS.find(({ name }) => name === task.work)
  if (work === undefined) throw new Error(`there is no work ${task.work}`)
  return work.run(task.trial)
}
