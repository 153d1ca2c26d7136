/** Where backups go, as it is written: a folder's path, or a bucket's address. */
import { resolve } from 'node:path'
import type { S3Location } from './s3-client.ts'

export type Target =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'bucket'; readonly location: S3Location }

/** Parameters behind the `?` of a bucket's address. */
const PARAMETERS = ['region', 'endpoint']
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
/** Names that mean the same everywhere; a part that begins with a dot is kept for what is no object. */
const PREFIX_PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/

/**
 * Understands `./backups`, `/srv/backups`, `s3://bucket/prefix` and `s3://bucket/prefix?region=…&endpoint=https://…`.
 *
 * @returns what is wrong with it, as a sentence about it, where it can be neither.
 * @example
 * parseTarget('s3://backups/shop?endpoint=https://minio.example.org')
 */
export function parseTarget(text: string, cwd: string): Target | string {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1]?.toLowerCase()
  if (scheme === undefined) return text.trim() === '' ? 'is empty' : { kind: 'folder', path: resolve(cwd, text) }
  if (scheme !== 's3') return `begins with ${scheme}://; a folder's path or s3://bucket/prefix is understood`
  return parseBucket(text)
}

function parseBucket(text: string): Target | string {
  const [address = '', query = '', ...more] = text.slice('s3://'.length).split('?')
  if (more.length > 0 || address.includes('#'))
    return 'is no address of a bucket: s3://bucket/prefix?region=…&endpoint=…'
  if (address.includes('@'))
    return 'has credentials in it; they belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
  const [bucket = '', ...parts] = address.split('/')
  if (!BUCKET.test(bucket)) return 'names no bucket: 3 to 63 lower-case letters, digits, dots and hyphens'
  const names = parts.at(-1) === '' ? parts.slice(0, -1) : parts
  if (!names.every((name) => PREFIX_PART.test(name)))
    return 'has a prefix that is not of letters, digits and "-_.", joined by single "/"'

  const parameters = new URLSearchParams(query)
  for (const name of parameters.keys())
    if (!PARAMETERS.includes(name)) return `has a parameter ${name}; there are ${PARAMETERS.join(' and ')}`
  const endpoint = parameters.get('endpoint') ?? undefined
  if (endpoint !== undefined && !isHttp(endpoint)) return 'has an endpoint that is no http(s):// address'
  const region = parameters.get('region') ?? undefined
  return { kind: 'bucket', location: { bucket, prefix: names.map((name) => `${name}/`).join(''), region, endpoint } }
}

function isHttp(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === ''
}
