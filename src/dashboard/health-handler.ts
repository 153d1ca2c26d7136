/** Liveness and readiness over HTTP, for load balancers and orchestrators. */
import { ValidationError } from '../errors.ts'
import type { HealthReport } from '../health/types.ts'
import { checkOptions } from './handler-options.ts'

export interface HealthHandlerOptions {
  /** Answers with the detail of each check, which may name statements and paths. Default: `false`. */
  readonly details?: boolean | undefined
}

/** What a `NOORMME` has. */
export interface HealthSource {
  healthCheck(): Promise<HealthReport>
}

/** Only a process that opens the file again gets rid of these. */
const FATAL: readonly string[] = ['file', 'locks']

/**
 * Answers `…/live` and `…/ready`, and any other path as `…/ready`: 200 while it can serve, 503 while it cannot. `/live` is 503
 * only where starting the process again would help. See `docs/health.md`.
 *
 * @example
 * app.get('/health/*', (context) => healthHandler(db)(context.req.raw))
 * @throws ValidationError for an option that it does not have.
 */
export function healthHandler(
  db: HealthSource,
  options: HealthHandlerOptions = {},
): (request: Request) => Promise<Response> {
  const { details = false } = checkOptions('healthHandler()', options, ['details'])
  if (typeof details !== 'boolean') {
    throw new ValidationError({ subject: 'healthHandler()', reason: 'needs true or false as details' })
  }
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, null, { allow: 'GET, HEAD' })
    const report = await db.healthCheck()
    const live = new URL(request.url).pathname.replace(/\/+$/, '').endsWith('/live')
    const broken = report.checks.some(({ name, status }) => status === 'fail' && FATAL.includes(name))
    const status = (live ? broken : !report.healthy) ? 503 : 200
    return answer(status, request.method === 'HEAD' ? null : bodyOf(report, details))
  }
}

function bodyOf({ status, timestamp, checks }: HealthReport, details: boolean): object {
  return {
    status,
    timestamp,
    checks: checks.map((check) =>
      details
        ? { name: check.name, status: check.status, detail: check.detail, duration: check.duration }
        : { name: check.name, status: check.status },
    ),
  }
}

function answer(status: number, body: object | null, headers: Readonly<Record<string, string>> = {}): Response {
  const type = body === null ? {} : { 'content-type': 'application/json; charset=utf-8' }
  const init = { status, headers: { ...type, 'cache-control': 'no-store', ...headers } }
  return new Response(body === null ? null : JSON.stringify(body), init)
}
