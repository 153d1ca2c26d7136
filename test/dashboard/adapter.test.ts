/** The handler for `node:http`: as fast as the client reads, and no longer than the client is there. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { ask, serveHandler } from './support/serve.ts'

const CHUNK = new Uint8Array(64 * 1024)

it('asks a body for no more than a client takes, and tells it when the client goes', async () => {
  let pulled = 0
  const cancelled = Promise.withResolvers<void>()
  const { port } = await serveHandler(async () => {
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled++
        controller.enqueue(CHUNK)
      },
      cancel: () => cancelled.resolve(),
    })
    return new Response(body)
  })
  const client = connect(port, '127.0.0.1')
  client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(client, 'readable')

  // It stops by itself: what is unread fills the buffers of the two sockets, and those of nobody else.
  for (let before = -1; before !== pulled; ) {
    before = pulled
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  expect(pulled).toBeLessThan(500)
  const stopped = pulled
  client.resume()
  while (pulled < stopped + 100) await once(client, 'data')
  client.destroy()

  await cancelled.promise
})

it('breaks off an answer whose body fails, so that nobody takes it for whole', async () => {
  const { port } = await serveHandler(async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(CHUNK),
      pull: (controller) => controller.error(new Error('no more')),
    })
    return new Response(body)
  })

  await expect(ask(port)).rejects.toThrow()
})

it('answers with 500 and no word more when a handler fails', async () => {
  const { port } = await serveHandler(() => Promise.reject(new Error('secret')))

  expect(await ask(port)).toMatchObject({ status: 500, body: 'Something went wrong.\n' })
})

it('passes on method, headers, cookies, bodies and status', async () => {
  const { port } = await serveHandler(async (request, connection) => {
    const headers = new Headers({ 'x-seen': `${request.method} ${request.headers.get('x-many')}` })
    headers.append('set-cookie', 'a=1')
    headers.append('set-cookie', 'b=2')
    return new Response(`${await request.text()} from ${connection?.remoteAddress}`, { status: 201, headers })
  })

  const answer = await ask(port, { method: 'PUT', headers: { 'x-many': ['1', '2'] }, body: 'größe' })

  expect(answer).toMatchObject({ status: 201, body: 'größe from 127.0.0.1' })
  expect(answer.headers).toMatchObject({ 'x-seen': 'PUT 1, 2', 'set-cookie': ['a=1', 'b=2'] })
})
