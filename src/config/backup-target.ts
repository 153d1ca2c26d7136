/** Where backups go, as it is written: a folder's path, or a bucket's address. */
import { resolve } from 'node:path'
import { pathProblem } from './path-problem.ts'
import { accept, type Checked, refuse } from './rules.ts'

export interface S3Location {
  readonly bucket: string
  /** Begins every key; empty, or ends with `/`. */
  readonly prefix: string
  /** Default: `AWS_REGION`, `AWS_DEFAULT_REGION`, `us-east-1`. */
  readonly region?: string | undefined
  /** URL of a server that is not Amazon's. Default: `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, Amazon. */
  readonly endpoint?: string | undefined
}

export type BackupTarget =
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
 * @example
 * parseBackupTarget('s3://backups/shop?endpoint=https://minio.example.org')
 */
export function parseBackupTarget(text: string, cwd: string): Checked<BackupTarget> {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1]?.toLowerCase()
  if (scheme === 's3') return parseBucket(text)
  if (scheme !== undefined) return refuse("must be a folder's path or s3://bucket/prefix")
  const problem = pathProblem(text.length > 1 ? text.replace(/[/\\]+$/, '') : text)
  return problem === null ? accept({ kind: 'folder', path: resolve(cwd, text) }) : refuse(problem)
}

function parseBucket(text: string): Checked<BackupTarget> {
  const [address = '', query = '', ...more] = text.slice('s3://'.length).split('?')
  if (more.length > 0 || address.includes('#')) return refuse('must be s3://bucket/prefix?region=…&endpoint=…')
  if (address.includes('@'))
    return refuse('must not have credentials in it; they belong into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
  const [bucket = '', ...parts] = address.split('/')
  if (!BUCKET.test(bucket)) return refuse('must name a bucket: 3 to 63 lower-case letters, digits, dots and hyphens')
  const names = parts.at(-1) === '' ? parts.slice(0, -1) : parts
  if (!names.every((name) => PREFIX_PART.test(name)))
    return refuse('must have a prefix of letters, digits and "-_.", joined by single "/"')

  const parameters = new URLSearchParams(query)
  for (const name of parameters.keys())
    if (!PARAMETERS.includes(name)) return refuse(`must have no parameters but ${PARAMETERS.join(' and ')}`)
  const endpoint = parameters.get('endpoint') ?? undefined
  if (endpoint !== undefined && !isHttp(endpoint)) return refuse('must have an endpoint that is an http(s):// address')
  const region = parameters.get('region') ?? undefined
  return accept({
    kind: 'bucket',
    location: { bucket, prefix: names.map((name) => `${name}/`).join(''), region, endpoint },
  })
}

function isHttp(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === ''
}
