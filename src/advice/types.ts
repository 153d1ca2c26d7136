/** What advice is made of: facts in, recommendations out. */
import type { EngineStats } from '../engine/types.ts'
import type { SchemaInfo } from '../schema/types.ts'
import type { ConnectionSettings } from '../sqlite/settings.ts'

/** Every kind of recommendation there is. `docs/advice.md` describes each. */
export const ADVICE_IDS = [
  'synchronous-off',
  'synchronous-normal',
  'wal-off',
  'foreign-keys-off',
  'cache-memory',
  'foreign-key-index',
  'redundant-index',
  'statistics-missing',
  'free-pages',
  'page-size-small',
  'auto-vacuum-full',
] as const

export type AdviceId = (typeof ADVICE_IDS)[number]

/** `info` is worth knowing and changes nothing by itself. */
export type Severity = 'info' | 'low' | 'medium' | 'high'

export interface Recommendation {
  /** The kind; several recommendations may be of one kind. */
  readonly id: AdviceId
  readonly severity: Severity
  /** What to do, in one line. */
  readonly title: string
  readonly why: string
  /** The numbers and names that it rests on. */
  readonly evidence: Readonly<Record<string, number | string>>
  /** One statement that does it, for `execute()`. */
  readonly sql?: string
  /** Configuration that does it, as `key: value`. */
  readonly config?: string
  /** What does it in the sqlite3 shell, with every program that uses the file closed. */
  readonly shell?: string
  /** SQL or configuration that takes it back. */
  readonly undo?: string
}

/** The configuration's names for what SQLite reported. */
export type SettingsNow = { readonly [Key in keyof ConnectionSettings]: NonNullable<ConnectionSettings[Key]> }

export interface SQLiteOptimizations {
  /** What the connections really have, a sentence a setting. */
  readonly appliedOptimizations: readonly string[]
  /** The gravest first. */
  readonly recommendations: readonly Recommendation[]
  /** What may be lost or go wrong with the settings as they are. */
  readonly warnings: readonly string[]
  /** The highest severity among the recommendations; `none` when there is nothing above `info`. */
  readonly performanceImpact: 'none' | 'low' | 'medium' | 'high'
  /** As SQLite reported it to the writing connection; empty when it has not been opened yet. */
  readonly currentSettings: Partial<SettingsNow>
  /** Those keys of `optimization` that the recommendations would change, with their new values. */
  readonly suggestedSettings: Partial<SettingsNow>
}

/** What advice needs of the configuration. */
export interface AdviceSettings {
  readonly enableWALMode: boolean
  /** The most reader threads: `performance.readers`. */
  readonly readers: number
}

export interface AdviceFacts {
  readonly settings: AdviceSettings
  readonly stats: EngineStats
  readonly schema: SchemaInfo
  readonly storage: {
    readonly pageSize: number
    readonly pageCount: number
    readonly freePages: number
    /** Whether ANALYZE or `PRAGMA optimize` has ever gathered statistics. */
    readonly hasStatistics: boolean
    /** Every name in the schema, so that a suggested one is free. */
    readonly names: readonly string[]
  }
  /** What the machine, or the container, has. */
  readonly memoryBytes: number
}

/** A recommendation, with what it means for the settings. */
export interface SettingsAdvice {
  readonly recommendation: Recommendation
  readonly suggested: Partial<SettingsNow>
  /** What may be lost meanwhile; `null` when nothing is. */
  readonly warning: string | null
}
