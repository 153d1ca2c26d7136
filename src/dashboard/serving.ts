/** What the routes of one dashboard answer from. */
import type { EventHub } from './event-hub.ts'
import type { ResolvedDashboardOptions } from './options.ts'
import type { Source } from './source.ts'

export interface Serving {
  readonly source: Source
  readonly options: ResolvedDashboardOptions
  readonly hub: EventHub
  /** As JSON, made once for all who ask at once. */
  readonly overview: () => Promise<string>
  /** As JSON, nothing in it that the source hides. */
  readonly toJson: (value: unknown) => string
}
