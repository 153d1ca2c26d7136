import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type ServerSentEvent, serverSentEvents } from './server-sent-events.ts'

async function read(chunks: readonly Uint8Array[]): Promise<ServerSentEvent[]> {
  const events: ServerSentEvent[] = []
  for await (const event of serverSentEvents(ReadableStream.from(chunks))) events.push(event)
  return events
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

it.each<[string, string, ServerSentEvent[]]>([
  ['an event', 'event: tick\ndata: {}\n\n', [{ event: 'tick', data: '{}' }]],
  ['no name', 'data: x\n\n', [{ event: 'message', data: 'x' }]],
  ['several lines', 'data: a\ndata: b\ndata\n\n', [{ event: 'message', data: 'a\nb\n' }]],
  [
    'no blank, and one that belongs to it',
    'data:a\n\ndata:  b\n\n',
    [
      { event: 'message', data: 'a' },
      { event: 'message', data: ' b' },
    ],
  ],
  ['comments and other fields', ':\n\nretry: 2000\n\nid: 7\n: x\ndata: y\n\n', [{ event: 'message', data: 'y' }]],
  ['the name of an event without data', 'event: tick\n\ndata: x\n\n', [{ event: 'message', data: 'x' }]],
  ['what is not finished', 'data: x\n', []],
])('reads %s', async (_, text, events) => {
  expect(await read([bytes(text)])).toEqual(events)
  expect(await read([bytes(text.replaceAll('\n', '\r\n'))])).toEqual(events)
})

it('reads the same however it is cut', async () => {
  const text = 'retry: 1\r\n\r\nevent: größe\ndata: {"a":"漢🗄"}\n\n:\n\ndata: 1\ndata: 2\r\n\r\n'
  const whole = await read([bytes(text)])
  expect(whole).toHaveLength(2)

  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 60 }), async (sizes) => {
      const all = bytes(text)
      const chunks: Uint8Array[] = []
      let at = 0
      for (const size of [...sizes, all.length]) {
        if (at < all.length) chunks.push(all.subarray(at, at + size))
        at += size
      }
      expect(await read(chunks)).toEqual(whole)
    }),
  )
})
