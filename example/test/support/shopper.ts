/** A visitor who speaks HTTP: keeps cookies, follows nothing by itself. */

export interface Shopper {
  get(path: string): Promise<Response>
  post(path: string, fields: Readonly<Record<string, string>>): Promise<Response>
  /** Puts a work into the cart and returns the token of the checkout form. */
  fillCart(artwork: number): Promise<string>
}

export function createShopper(base: string): Shopper {
  const cookies = new Map<string, string>()

  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(base + path, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    return response
  }
  const get = (path: string): Promise<Response> => send(path, {})
  const post = (path: string, fields: Readonly<Record<string, string>>): Promise<Response> =>
    send(path, { method: 'POST', headers: { origin: base }, body: new URLSearchParams(fields) })

  return {
    get,
    post,
    async fillCart(artwork) {
      await post('/cart', { artwork: String(artwork) })
      const page = await (await get('/cart')).text()
      const token = /name="token" value="([\w-]+)"/.exec(page)?.[1]
      if (token === undefined) throw new Error(`no checkout form in:\n${page}`)
      return token
    },
  }
}
