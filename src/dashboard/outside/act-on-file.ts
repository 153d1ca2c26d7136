/** What was asked to be done to a file that this process otherwise only looks at. */
import { NOORMME } from '../../noormme.ts'
import type { ActionName, ActionResult } from '../protocol.ts'
import { runAction } from '../run-action.ts'

/** Opens the database for it, in the journal mode that it has, and closes it again. */
export async function actOnFile(
  path: string,
  name: ActionName,
  { journalMode }: { readonly journalMode: 'wal' | 'delete' },
): Promise<ActionResult> {
  const db = new NOORMME({
    connection: { database: path },
    optimization: { enableWALMode: journalMode === 'wal' },
    // Only what was asked for.
    automation: { enableAutoOptimization: false },
  })
  try {
    return await runAction(db, name)
  } finally {
    await db.close()
  }
}
