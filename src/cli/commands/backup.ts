/** `noormme backup …`: backups of a database in a folder or a bucket. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Backups } from '../../backup/backups.ts'
import { openExistingStore } from '../../backup/store/open-store.ts'
import { resolveConfig } from '../../config/resolve.ts'
import type { BackupConfig, Compression } from '../../config/types.ts'
import { EngineHandle } from '../../engine/handle.ts'
import { ClosedError, ConnectionError, ValidationError } from '../../errors.ts'
import { NOORMME } from '../../noormme.ts'
import { journalModeOf } from '../../sqlite/journal-mode.ts'
import { type Argument, type Command, FILE, type Input, type Option } from '../command.ts'
import { renderBackup, renderBackups, renderDrill, renderPrune } from '../render/backups.ts'

const BACKUPS: Argument = { name: 'BACKUPS', about: 'where they are kept: a folder, or s3://bucket/prefix' }
export const ID: Option = { name: 'id', value: 'ID', about: 'which backup; by default the newest' }
export const SETUP: Option = { name: 'setup', value: 'MODULE', about: 'the setup module that its indexes need' }

/** `noormme backup create FILE BACKUPS` */
export const backupCreate: Command = {
  name: 'backup create',
  summary: 'Back a database up, also while it is in use',
  arguments: [FILE, BACKUPS],
  options: [
    { name: 'rate', value: 'BYTES', about: 'the most bytes a second' },
    { name: 'compression', value: 'KIND', about: 'none or zstd; none' },
    SETUP,
  ],
  examples: ['noormme backup create app.db backups', 'noormme backup create app.db /mnt/nas/app --rate 10000000'],
  notes: [
    'It is checked before it is one: opened, integrity_check, rows counted, hashed.',
    'With NOORMME_BACKUP_KEY in the environment it is encrypted.',
    'Beside a program that writes all the time the copy is made in one read transaction, and its log grows meanwhile.',
  ],
  run: async ({ arguments: { FILE: path = '', BACKUPS: backups = '' }, options }, { progress }) => {
    const database = resolve(path)
    if (!existsSync(database)) {
      throw new ConnectionError({ path: database, reason: 'there is no such file', advice: 'Check the path.' })
    }
    await using db = new NOORMME({
      connection: { database },
      // As it is found, so it is left.
      optimization: { enableWALMode: journalModeOf(database) !== 'delete', checkpoint: 'external' },
      automation: { enableAutoOptimization: false },
      backup: { target: targetOf(backups), compression: compressionOf(options), schedule: false, ...KEEP_ALL },
      ...(options.setup === undefined ? {} : { setup: resolve(options.setup) }),
    })
    const backup = await db.backups.create({ rateLimit: numberOf(options, 'rate'), onProgress: progress })
    return { code: 0, json: backup, text: (style) => renderBackup(backup, 'made', style) }
  },
}

/** `noormme backup list BACKUPS` */
export const backupList: Command = {
  name: 'backup list',
  summary: 'Show the backups that there are',
  arguments: [BACKUPS],
  options: [],
  examples: ['noormme backup list backups', 'noormme backup list backups --json'],
  notes: ['Only looks. Ends with 1 when there is none, or one is damaged.'],
  run: async (input) => {
    const backups = await withBackups(input, {}, (kept) => kept.list())
    const isWell = backups.length > 0 && backups.every(({ ok }) => ok)
    return { code: isWell ? 0 : 1, json: { backups }, text: (style) => renderBackups(backups, style) }
  },
}

/** `noormme backup verify BACKUPS` */
export const backupVerify: Command = {
  name: 'backup verify',
  summary: 'Check a backup, every byte of it',
  arguments: [BACKUPS],
  options: [ID, SETUP],
  examples: ['noormme backup verify backups', 'noormme backup verify backups --id 20261126T173000123Z-1a2b3c4d'],
  notes: ['What it finds is kept with the backup. Ends with 1 when it is damaged.'],
  run: async (input, { progress }) => {
    const { id } = input.options
    const backup = await withBackups(input, {}, (kept) => kept.verify(id, { onProgress: progress }))
    return { code: backup.ok ? 0 : 1, json: backup, text: (style) => renderBackup(backup, 'whole:', style) }
  },
}

/** `noormme backup drill BACKUPS` */
export const backupDrill: Command = {
  name: 'backup drill',
  summary: 'Rehearse a restore in a scratch place',
  arguments: [BACKUPS],
  options: [
    ID,
    { name: 'scratch', value: 'FOLDER', about: 'where there is room; by default the temporary folder' },
    SETUP,
  ],
  examples: ['noormme backup drill backups'],
  notes: ['Restores, checks, says how long it took, and removes what it restored.'],
  run: async (input, { progress }) => {
    const { id, scratch: folder } = input.options
    const report = await withBackups(input, {}, (kept) => kept.drill({ id, folder, onProgress: progress }))
    return { code: 0, json: report, text: (style) => renderDrill(report, style) }
  },
}

/** `noormme backup prune BACKUPS` */
export const backupPrune: Command = {
  name: 'backup prune',
  summary: 'Remove backups that are not to be kept',
  arguments: [BACKUPS],
  options: [
    { name: 'keep-last', value: 'N', about: 'keep the newest so many; 7' },
    { name: 'keep-daily', value: 'N', about: 'and the newest of so many days; 14' },
    { name: 'keep-weekly', value: 'N', about: 'and the newest of so many weeks; 8' },
    { name: 'point-in-time', value: 'HOURS', about: 'keep every commit of so many hours; 24' },
    { name: 'dry-run', about: 'only say what would be removed' },
  ],
  examples: ['noormme backup prune backups --dry-run', 'noormme backup prune backups --keep-last 3 --keep-daily 30'],
  notes: ['The newest that is whole always stays. Leftovers of jobs that were killed go once they are a day old.'],
  run: async (input) => {
    const { options } = input
    const dryRun = options['dry-run'] !== undefined
    const keep = {
      keepLast: numberOf(options, 'keep-last'),
      keepDaily: numberOf(options, 'keep-daily'),
      keepWeekly: numberOf(options, 'keep-weekly'),
      pointInTime: (numberOf(options, 'point-in-time') ?? 24) * 3_600_000,
    }
    const report = await withBackups(input, keep, (kept) => kept.prune({ dryRun }))
    return { code: 0, json: report, text: () => renderPrune(report, dryRun) }
  },
}

const KEEP_ALL = { keepLast: 36_525 }

/** Works with the backups of a target, without their database. */
export async function withBackups<T>(
  { arguments: { BACKUPS: text = '' }, options }: Input,
  keep: BackupConfig,
  work: (kept: Backups) => Promise<T>,
): Promise<T> {
  const target = targetOf(text)
  if (!text.includes('://') && !existsSync(target)) {
    throw new ConnectionError({ path: target, reason: 'there is no such folder', advice: 'Check the path.' })
  }
  const encryptionKey = process.env.NOORMME_BACKUP_KEY
  const store = await openExistingStore(target, { cwd: process.cwd(), encryptionKey })
  const setup = options.setup === undefined ? {} : { setup: resolve(options.setup) }
  const config = {
    // Not in memory, where nothing could have been archived.
    connection: { database: resolve('none.db') },
    backup: { target, schedule: false as const, ...keep },
    ...setup,
  }
  const kept = new Backups({
    engine: new EngineHandle(() => Promise.reject(new ClosedError({ what: 'the database' }))),
    config: resolveConfig(config, { env: {}, cwd: process.cwd() }),
    store,
    onEvent: () => {},
  })
  try {
    return await work(kept)
  } finally {
    await store.close()
  }
}

/** A folder as it is meant on a command line, `.` and all; a bucket's address stays. */
export function targetOf(text: string): string {
  return text.includes('://') ? text : resolve(text)
}

function compressionOf({ compression = 'none' }: Input['options']): Compression {
  if (compression === 'none' || compression === 'zstd') return compression
  throw new ValidationError({ subject: '--compression', reason: 'must be none or zstd' })
}

export function numberOf(options: Input['options'], name: string): number | undefined {
  const text = options[name]
  if (text === undefined) return undefined
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new ValidationError({ subject: `--${name}`, reason: 'must be a whole number' })
}
