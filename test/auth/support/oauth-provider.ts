/** Another site that people can sign in with (https://www.rfc-editor.org/rfc/rfc6749#section-4.1): one person, one client. */
import { randomUUID } from 'node:crypto'
import { serve } from './serve.ts'

export interface Person {
  readonly sub: string
  readonly email: string
  readonly name: string
}

export async function startProvider(person: Person): Promise<string> {
  const codes = new Set<string>()
  const tokens = new Set<string>()
  const pages: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
    '/authorize': async ({ url }) => {
      const asked = new URL(url).searchParams
      const back = new URL(asked.get('redirect_uri') ?? '')
      const code = randomUUID()
      codes.add(code)
      back.searchParams.set('code', code)
      back.searchParams.set('state', asked.get('state') ?? '')
      return Response.redirect(back.href, 302)
    },
    '/token': async (request) => {
      const code = new URLSearchParams(await request.text()).get('code') ?? ''
      if (!codes.delete(code)) return Response.json({ error: 'invalid_grant' }, { status: 400 })
      const token = randomUUID()
      tokens.add(token)
      return Response.json({ access_token: token, token_type: 'Bearer', expires_in: 3600 })
    },
    '/userinfo': async ({ headers }) => {
      const token = headers.get('authorization')?.slice('Bearer '.length) ?? ''
      if (!tokens.has(token)) return Response.json({ error: 'invalid_token' }, { status: 401 })
      return Response.json({ ...person, id: person.sub, email_verified: true })
    },
  }
  return serve(
    async (request) => pages[new URL(request.url).pathname]?.(request) ?? new Response(null, { status: 404 }),
  )
}
