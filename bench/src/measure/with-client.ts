/** Opens a trial's database with its contestant for as long as `use` runs. */
import { openContestant } from '../contestants/contestants.ts'
import type { Client } from '../contestants/types.ts'
import type { Trial } from '../work.ts'

export async function withClient<T>(trial: Trial, use: (client: Client) => Promise<T>): Promise<T> {
  const open = await openContestant(trial.lane.contestant)
  const client = await open(trial.path, trial.lane.synchronous)
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}
