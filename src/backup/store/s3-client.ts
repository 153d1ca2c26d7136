/** The SDK, loaded where a bucket is used and nowhere else, with our errors. */
import type * as Sdk from '@aws-sdk/client-s3'
import type { S3Location } from '../../config/backup-target.ts'
import { AbortedError, BackupMissingError, BackupStoreError } from '../../errors.ts'

/** Single requests are tried so often, with growing pauses; then whoever asked is told. */
const ATTEMPTS = 4
/** Milliseconds to find the server, and in which it may say nothing. */
const CONNECTION_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 60_000

/** One bucket. */
export interface S3 {
  readonly sdk: typeof Sdk
  readonly client: Sdk.S3Client
  readonly location: S3Location
  /** For messages: `s3://bucket/prefix`. */
  readonly description: string
}

/** @throws BackupStoreError when the SDK is not installed. */
export async function openS3(location: S3Location, description: string): Promise<S3> {
  const sdk = await import('@aws-sdk/client-s3').catch(() => null)
  if (sdk === null) {
    const advice = 'npm install @aws-sdk/client-s3'
    const reason = 'the package @aws-sdk/client-s3, which talks to buckets, is not installed'
    throw new BackupStoreError({ store: description, key: '', reason, advice, mayPass: false })
  }
  const { endpoint } = location
  const client = new sdk.S3Client({
    region: location.region ?? regionOfEnvironment(),
    ...(endpoint === undefined ? {} : { endpoint }),
    // A name before the host needs a wildcard in the DNS, which servers other than Amazon's rarely have.
    forcePathStyle:
      endpoint !== undefined ||
      process.env.AWS_ENDPOINT_URL_S3 !== undefined ||
      process.env.AWS_ENDPOINT_URL !== undefined,
    maxAttempts: ATTEMPTS,
    // Others do not know Amazon's newer checksums; every upload carries an MD5 of its own.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
  })
  return { sdk, client, location, description }
}

function regionOfEnvironment(): string {
  return process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1'
}

/** Bucket and key of an object. */
export function placeOf({ location }: S3, key: string): { readonly Bucket: string; readonly Key: string } {
  return { Bucket: location.bucket, Key: location.prefix + key }
}

/** For the SDK's `send`. */
export function until(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal }
}

/** What a bucket answered, as an error of ours. Nothing of the request is kept: it carries a signature. */
export function s3Failure({ description: store }: Pick<S3, 'description'>, key: string, error: unknown): Error {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) }
  if (name === 'AbortError') return new AbortedError({ what: 'the backup' })
  if (name === 'NoSuchKey' || name === 'NotFound') return new BackupMissingError({ store, name: key })
  const status = statusOf(error)
  const known = ADVICE[name] ?? (status === 403 ? ADVICE.AccessDenied : undefined)
  return new BackupStoreError({
    store,
    key,
    reason: message === '' || message === name ? name : `${name}: ${message}`,
    advice: known ?? 'It is tried again by itself; if it stays, look at the bucket and the way to it.',
    mayPass: known === undefined && (status === undefined || status >= 500 || status === 408 || status === 429),
  })
}

const ADVICE: Readonly<Record<string, string>> = {
  NoSuchBucket: 'Make the bucket, or correct its name in the configuration.',
  AccessDenied: 'The credentials have to be allowed to list, read, write and delete objects under the prefix.',
  InvalidAccessKeyId: 'Check AWS_ACCESS_KEY_ID.',
  SignatureDoesNotMatch: 'Check AWS_SECRET_ACCESS_KEY, and the region.',
  CredentialsProviderError: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role.',
  PermanentRedirect: 'The bucket is in another region: set AWS_REGION.',
}

export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined
  return (error.$metadata as { readonly httpStatusCode?: number } | undefined)?.httpStatusCode
}
