/** The tables as Kysely has them. */
import type { Generated } from 'kysely'

export interface Tables {
  readonly items: { readonly id: Generated<number>; readonly name: string }
  readonly counters: { readonly id: number; readonly value: number }
  readonly pages: { readonly id: number; readonly body: string }
  readonly things: {
    readonly id: number
    readonly big: number | null
    readonly bytes: Uint8Array | null
    readonly flag: boolean | null
    readonly ratio: number | null
  }
}
