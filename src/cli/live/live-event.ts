/** What comes of looking at a database live. */
import type { Overview, Tick } from '../../dashboard/protocol.ts'

export type LiveEvent =
  | { readonly kind: 'overview'; readonly overview: Overview; readonly tables: readonly string[] }
  | { readonly kind: 'tick'; readonly tick: Tick }
  /** Nothing can be seen for now; it is tried again, and an overview comes when it is back. */
  | { readonly kind: 'lost'; readonly reason: string }
