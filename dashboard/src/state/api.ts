/** Requests to the server. Paths are relative to the page: it does not know where it is mounted. */
import type {
  ActionName,
  ActionResult,
  Overview,
  SchemaSize,
  StatementDetail,
} from '../../../src/dashboard/protocol.ts'

/** What the server refused, or why it could not be asked. */
export class Problem extends Error {
  override readonly name = 'Problem'
  /** HTTP status; 0 when there was no answer. */
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }

  /** Who asks may not look, or no longer. */
  get isRefusal(): boolean {
    return this.status === 401 || this.status === 403
  }
}

/** A server that does not answer by then is taken as gone. */
const PATIENCE_MS = 15_000
/** A backup of a large file takes its time. */
const ACTION_PATIENCE_MS = 30 * 60_000

export const loadOverview = (): Promise<Overview> => ask('api/overview')
export const loadSchema = (): Promise<readonly SchemaSize[]> => ask('api/schema')
export const loadStatement = (id: string): Promise<StatementDetail> => ask(`api/statements/${encodeURIComponent(id)}`)

export const runAction = (name: ActionName): Promise<ActionResult> =>
  ask(`api/actions/${name}`, { method: 'POST', headers: { 'noormme-action': 'confirm' } }, ACTION_PATIENCE_MS)

async function ask<T>(path: string, init: RequestInit = {}, patienceMs = PATIENCE_MS): Promise<T> {
  const signal = AbortSignal.timeout(patienceMs)
  const response = await fetch(path, { ...init, signal, cache: 'no-store' }).catch(() => {
    throw new Problem(signal.aborted ? 'The server took too long to answer.' : 'The server cannot be reached.', 0)
  })
  const body: unknown = await response.json().catch(() => null)
  if (response.ok && body !== null) return body as T
  throw new Problem(messageOf(body) ?? `The server answered with ${response.status}.`, response.status)
}

function messageOf(body: unknown): string | null {
  const { error } = (body ?? {}) as { readonly error?: { readonly message?: unknown } }
  return typeof error?.message === 'string' ? error.message : null
}
