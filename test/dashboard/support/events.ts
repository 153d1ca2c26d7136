/** The events of a dashboard, as they arrive. */
import type { Tick } from 'noormme/dashboard'
import { onTestFinished } from 'vitest'

/** Ticks until the stream ends; leaving the loop leaves the page. */
export async function* ticks(url: string, init: RequestInit = {}): AsyncGenerator<Tick, void> {
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  try {
    const response = await fetch(`${url}/api/events`, { ...init, signal: leaving.signal })
    if (response.status !== 200 || response.body === null) throw new Error(`events: ${response.status}`)
    let text = ''
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = /^event: tick\ndata: (.*)$/s.exec(block)?.[1]
        if (data !== undefined) yield JSON.parse(data)
      }
    }
  } finally {
    leaving.abort()
  }
}

export async function nextTick(url: string, init?: RequestInit): Promise<Tick> {
  for await (const tick of ticks(url, init)) return tick
  throw new Error('the stream ended without a tick')
}
