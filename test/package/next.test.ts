/** The package in an application of Next.js: route handlers write, read and show the dashboard after `next build` and `next start`. */
import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { failure, run } from '../../scripts/lib/run.ts'
import { nextTick } from '../dashboard/support/events.ts'
import { installPackage, type Project } from './support/install-package.ts'

const TOKEN = 'correct-horse-battery-staple'
const FILES: Readonly<Record<string, string>> = {
  'next.config.mjs': `export default {
    serverExternalPackages: ['noormme', 'better-sqlite3'],
    skipTrailingSlashRedirect: true,
  }`,
  'lib/db.js': `
    import { NOORMME } from 'noormme'
    export const db = new NOORMME('./notes.db')`,
  'app/admin/database/[[...path]]/route.js': `
    import { dashboard } from 'noormme/dashboard'
    import { db } from '../../../../lib/db'
    const show = dashboard(db, { basePath: '/admin/database', token: '${TOKEN}' })
    const handler = (request) => show(request)
    export { handler as GET, handler as HEAD, handler as POST }
    export const dynamic = 'force-dynamic'`,
  'app/layout.js':
    'export default function Layout({ children }) { return <html lang="en"><body>{children}</body></html> }',
  'app/notes/route.js': `
    import { db } from '../../lib/db'
    export async function POST(request) {
      await db.execute('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)')
      await db.execute('INSERT INTO notes (text) VALUES (?)', [await request.text()])
      return Response.json((await db.execute('SELECT * FROM notes')).rows)
    }`,
}
const OPTIONS = { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' }

let project: Project

beforeAll(async () => {
  project = await installPackage('next@16.4.6', 'react@19', 'react-dom@19')
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(project.folder, path)), { recursive: true })
    await writeFile(join(project.folder, path), text)
  }
}, 300_000)

afterAll(() => project?.remove())

test('a route handler writes and reads, and the dashboard is mounted in another', { timeout: 300_000 }, async ({
  skip,
}) => {
  if (project.unreachable !== null) skip(project.unreachable)
  const cwd = project.folder
  const next = join(cwd, 'node_modules', 'next', 'dist', 'bin', 'next')
  const built = await run(process.execPath, [next, 'build'], { cwd, timeoutMs: 240_000, env: OPTIONS })
  expect(failure(built)).toBeNull()

  const url = await start(next, cwd)
  const post = async (text: string): Promise<unknown> =>
    (await fetch(`${url}/notes`, { method: 'POST', body: text })).json()
  expect(await post('first')).toEqual([{ id: 1, text: 'first' }])
  expect(await post('second')).toEqual([
    { id: 1, text: 'first' },
    { id: 2, text: 'second' },
  ])

  const dashboard = `${url}/admin/database`
  expect((await fetch(`${dashboard}/api/overview`)).status).toBe(401)
  expect(await (await fetch(`${dashboard}/`)).text()).toContain('action="./login"')
  expect(new URL((await fetch(dashboard)).url).pathname).toBe('/admin/database/')
  const login = await fetch(`${dashboard}/login`, {
    method: 'POST',
    body: new URLSearchParams({ token: TOKEN }),
    redirect: 'manual',
  })
  const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  expect(await (await fetch(`${dashboard}/api/schema`, { headers: { cookie } })).json()).toMatchObject([
    { table: 'notes' },
  ])
  const tick = await nextTick(dashboard, { headers: { authorization: `Bearer ${TOKEN}` } })
  expect(tick).toMatchObject({ health: { status: 'healthy' }, metrics: { writes: 4 } })
})

/** Starts the server on a free port; ended after the test. Answers with its address. */
function start(next: string, cwd: string): Promise<string> {
  const server = spawn(process.execPath, [next, 'start', '--port', '0'], { cwd, env: { ...process.env, ...OPTIONS } })
  const ended = new Promise<void>((resolve) => server.once('close', () => resolve()))
  onTestFinished(async () => {
    server.kill()
    await ended
  })
  let output = ''
  return new Promise((resolve, reject) => {
    const listen = (chunk: string): void => {
      output += chunk
      const address = /http:\/\/localhost:([1-9]\d*)/.exec(output)
      if (address !== null && output.includes('Ready')) resolve(address[0])
    }
    server.stdout.setEncoding('utf8').on('data', listen)
    server.stderr.setEncoding('utf8').on('data', listen)
    void ended.then(() => reject(new Error(`next start ended: ${output}`)))
  })
}
