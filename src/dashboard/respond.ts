/** Answers, each with the headers that every answer has. */

/**
 * Nothing from elsewhere, nothing inline, no frame around it, and no other site may embed what it answers.
 * https://developer.mozilla.org/docs/Web/HTTP/Headers/Content-Security-Policy
 */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
}

export type Body = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null

export interface AnswerOptions {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

export function answer(type: string | null, body: Body, { status = 200, headers = {} }: AnswerOptions = {}): Response {
  const content: Record<string, string> = type === null ? {} : { 'content-type': type }
  return new Response(body, { status, headers: { ...HEADERS, ...content, ...headers } })
}

/** `text`: JSON already, perhaps packed. */
export function answerJson(text: Exclude<Body, null>, options?: AnswerOptions): Response {
  return answer('application/json; charset=utf-8', text, options)
}

export function answerHtml(html: string, options?: AnswerOptions): Response {
  return answer('text/html; charset=utf-8', html, options)
}

export type RefusalCode =
  | 'bad_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'too_large'
  | 'failed'
  | 'unavailable'

const STATUS: Readonly<Record<RefusalCode, number>> = {
  bad_request: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  too_large: 413,
  failed: 500,
  unavailable: 503,
}

/** `message`: what to do about it, for who reads the network panel. */
export function refuse(code: RefusalCode, message: string, headers: Readonly<Record<string, string>> = {}): Response {
  return answerJson(JSON.stringify({ error: { code, message } }), { status: STATUS[code], headers })
}

/** To a path relative to the one that was asked for: what stands in front of it, only the proxy knows. */
export function redirect(location: string, headers: Readonly<Record<string, string>> = {}): Response {
  return answer(null, null, { status: 303, headers: { location, ...headers } })
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
