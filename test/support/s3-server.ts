/**
 * A bucket on this machine: s3rver behind a proxy of the test, which can let requests fail, break answers off, and list what
 * s3rver keeps of unfinished uploads but has no request for.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
// @ts-expect-error it has no types
import S3rver from 's3rver'
import { onTestFinished } from 'vitest'
import { tempFolder } from './temp-folder.ts'

/** What the proxy does with a request; `null` lets it pass. */
export type Fault = 'refuse' | 'error' | { readonly breakAfter: number } | null

export interface S3Server {
  readonly bucket: string
  readonly endpoint: string
  /** Method and path with query, of every request that came. */
  readonly requests: string[]
  /** Asked for each request; can be replaced at any time. */
  fault: (method: string, url: string) => Fault
  /** How many connections are open. */
  connections(): Promise<number>
  /** Ids of uploads that were neither completed nor aborted. */
  unfinished(): string[]
}

const BUCKET = 'backups'

/** Starts it for one test, with the credentials that s3rver knows in the environment. */
export async function startS3(): Promise<S3Server> {
  const directory = tempFolder()
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: BUCKET, configs: [] }],
  })
  const { port } = (await server.run()) as AddressInfo
  setForTest('AWS_ACCESS_KEY_ID', 'S3RVER')
  setForTest('AWS_SECRET_ACCESS_KEY', 'S3RVER')

  const uploads = join(directory, BUCKET, '._S3rver_uploads')
  const s3: S3Server & { endpoint: string } = {
    bucket: BUCKET,
    endpoint: '',
    requests: [],
    fault: () => null,
    connections: () =>
      new Promise((resolve, reject) =>
        proxy.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    unfinished: () => (existsSync(uploads) ? readdirSync(uploads) : []),
  }
  const proxy = createServer((from, to) => {
    const { method = '', url = '' } = from
    s3.requests.push(`${method} ${url}`)
    const fault = s3.fault(method, url)
    if (fault === 'refuse') return void from.socket.destroy()
    if (fault === 'error') return void to.writeHead(500).end()
    const answer = listing(uploads, method, new URL(url, 'http://s3'))
    if (answer !== null) return void to.writeHead(200, { 'content-type': 'application/xml' }).end(answer)
    pass(from, to, port, fault?.breakAfter ?? Number.POSITIVE_INFINITY)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  s3.endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  onTestFinished(async () => {
    proxy.closeAllConnections()
    await new Promise((resolve) => proxy.close(resolve))
    await server.close()
  })
  return s3
}

function setForTest(name: string, value: string): void {
  const before = process.env[name]
  process.env[name] = value
  onTestFinished(() => {
    if (before === undefined) delete process.env[name]
    else process.env[name] = before
  })
}

function pass(from: IncomingMessage, to: ServerResponse, port: number, breakAfter: number): void {
  const { method, url, headers } = from
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    to.writeHead(answer.statusCode ?? 500, answer.headers)
    let sent = 0
    answer.on('data', (chunk: Buffer) => {
      const part = chunk.subarray(0, Math.max(0, breakAfter - sent))
      sent += part.length
      to.write(part, () => part.length < chunk.length && to.destroy())
    })
    answer.on('end', () => to.end())
  })
  onward.on('error', () => to.destroy())
  from.pipe(onward)
}

/** ListMultipartUploads and ListParts, from s3rver's own files. */
function listing(uploads: string, method: string, { searchParams }: URL): string | null {
  if (method === 'DELETE' && searchParams.has('uploadId')) return null
  if (method !== 'GET') return null
  if (searchParams.has('uploads')) {
    const found = (existsSync(uploads) ? readdirSync(uploads) : []).map((id) => {
      const key = readFileSync(join(uploads, id, 'key'), 'utf8')
      const initiated = statSync(join(uploads, id, 'key')).mtime.toISOString()
      return `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${initiated}</Initiated></Upload>`
    })
    return `<ListMultipartUploadsResult>${found.join('')}</ListMultipartUploadsResult>`
  }
  const id = searchParams.get('uploadId')
  if (id === null) return null
  const parts = readdirSync(join(uploads, id))
    .filter((name) => name.endsWith('.md5'))
    .map((name) => {
      const etag = readFileSync(join(uploads, id, name), 'utf8')
      return `<Part><PartNumber>${Number.parseInt(name, 10)}</PartNumber><ETag>"${etag}"</ETag></Part>`
    })
  return `<ListPartsResult><IsTruncated>false</IsTruncated>${parts.join('')}</ListPartsResult>`
}
