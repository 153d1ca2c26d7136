/** What the load says when the gallery is not there, or not well. */
import { execFile } from 'node:child_process'
import { createServer, type RequestListener } from 'node:http'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const LOAD = fileURLToPath(new URL('../dist/load/main.js', import.meta.url))

interface Ending {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function load(...flags: string[]): Promise<Ending> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [LOAD, ...flags], (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    )
  })
}

/** Runs `act` with the address of a server, and closes the server. */
async function serving<T>(answer: RequestListener, act: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  try {
    return await act(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

test('without a gallery the load says so at once', async () => {
  const gone = await serving(
    () => undefined,
    async (url) => url,
  )

  expect(await load('--url', gone)).toEqual({
    code: 2,
    stdout: '',
    stderr: `Nothing answers at ${gone}: run npm start first\n`,
  })
})

test('errors are counted by cause and stay out of the times', async () => {
  const { code, stdout } = await serving(
    (request, response) => {
      if (request.url === '/') response.end('<a href="/works/1">One</a>')
      else if (request.url === '/works/1') request.socket.destroy()
      else response.writeHead(500).end()
    },
    (url) => load('--url', url, '--visitors', '1', '--seconds', '1', '--pause', '0'),
  )

  expect(code).toBe(1)
  expect(stdout).toMatch(/\d+ × (browse|search): answered 500/)
  expect(stdout).toMatch(/\d+ × work: UND_ERR_SOCKET/)
  expect(stdout).toMatch(/^front +\d+ /m)
  expect(stdout).not.toMatch(/^(browse|search|work) +\d+ /m)
})
