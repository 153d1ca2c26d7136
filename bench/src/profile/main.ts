/**
 * Where the time goes: `npm run profile -- NAME`. Prints the numbers that bench/explained.md is made of; see there what
 * they mean.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create } from './create.ts'
import { findAll } from './find-all.ts'
import { memory } from './memory.ts'
import { pointRead } from './point-read.ts'
import { transaction } from './transaction.ts'

/** `folder` belongs to this run. */
type Profile = (folder: string) => Promise<void>

const PROFILES: Readonly<Record<string, Profile>> = {
  create,
  'find-all': findAll,
  memory,
  'point-read': pointRead,
  transaction,
}

const [name = ''] = process.argv.slice(2)
const profile = PROFILES[name]
if (profile === undefined) {
  console.error(`there is no profile ${name}; there are ${Object.keys(PROFILES).join(', ')}`)
  process.exitCode = 2
} else {
  const folder = await mkdtemp(join(tmpdir(), 'noormme-profile-'))
  try {
    await profile(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
