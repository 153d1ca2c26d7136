/** The child process of one trial: does its one task, answers, ends. */
import { WORKS } from '../works/works.ts'
import type { Answer, Task } from './task.ts'
import { verifyContestant } from './verify-contestant.ts'

process.once('message', async (task: Task) => {
  const result = await perform(task)
  const { user, system } = process.cpuUsage()
  const answer: Answer = { result, cpuMs: (user + system) / 1000 }
  process.send?.(answer, () => process.disconnect())
})

function perform(task: Task): Promise<Answer['result']> {
  if (task.kind === 'verify') return verifyContestant(task.lane, task.path)
  const work = WORKS.find(({ name }) => name === task.work)
  if (work === undefined) throw new Error(`there is no work ${task.work}`)
  return work.run(task.trial)
}
