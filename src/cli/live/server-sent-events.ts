/** Reads a stream of server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */

export interface ServerSentEvent {
  /** `message` where the stream names none. */
  readonly event: string
  readonly data: string
}

/** What is not finished with an empty line when the stream ends is no event. */
export async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent, void> {
  const decoder = new TextDecoder()
  let event = 'message'
  let data: string[] = []
  let rest = ''
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    // A line may end in CR LF, whose halves may come apart.
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line !== '') {
        const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
        if (field === 'event') event = value
        else if (field === 'data') data.push(value)
        continue
      }
      if (data.length > 0) yield { event, data: data.join('\n') }
      event = 'message'
      data = []
    }
  }
}
