/** What a restore is asked for. */

/** What is restored: one of these, or everything there is. */
export interface RestorePoint {
  /** The state of that moment. */
  readonly at?: Date | undefined
  /** The state behind that commit; `db.backups.points()` lists them. */
  readonly commit?: number | undefined
  /** This backup as it is. */
  readonly id?: string | undefined
}

/** How `checkOptions` is told of it. */
export const POINT = { at: 'time', commit: 'commit', id: 'text' } as const
