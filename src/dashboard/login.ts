/** The form for the token, which stands where the page would, and what it is posted to. No script, nothing from elsewhere. */
import type { ResolvedDashboardOptions } from './options.ts'
import { answer, answerHtml, escapeHtml, redirect, refuse } from './respond.ts'
import { cookieName, isSame, openSession, setCookie } from './session.ts'

/** A token and the words around it. */
const LONGEST_FORM_BYTES = 4096

type LoginOptions = Pick<ResolvedDashboardOptions, 'basePath' | 'logger'> & { readonly token: string }

export function loginPage(message = ''): Response {
  return answerHtml(
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>noormme</title>
<link rel="stylesheet" href="./login.css">
</head>
<body>
<main>
<h1>noormme</h1>
<form method="post" action="./login">
<label for="token">Token of this dashboard</label>
<input id="token" name="token" type="password" required autofocus autocomplete="current-password"${message === '' ? '' : ' aria-describedby="wrong"'}>
${message === '' ? '' : `<p id="wrong" role="alert">${escapeHtml(message)}</p>`}
<button>Open</button>
</form>
</main>
</body>
</html>
`,
    { status: 401 },
  )
}

/** Signs in: 303 to the page with a cookie, or the form again. */
export async function login(request: Request, options: LoginOptions, nowMs: number): Promise<Response> {
  const form = await readForm(request)
  if (form === null) return refuse('bad_request', 'This takes a form with the field token.')
  if (form === 'too large') return refuse('too_large', 'That was more than a token.')
  const given = form.get('token')
  if (given === null) return refuse('bad_request', 'This takes a form with the field token.')
  if (!isSame(given, options.token)) {
    options.logger?.warn({}, 'dashboard: a wrong token was given')
    return loginPage('This is not the token.')
  }
  return redirect('./', { 'set-cookie': cookie(request, openSession(options.token, nowMs), options) })
}

export function logout(request: Request, options: LoginOptions): Response {
  return redirect('./', { 'set-cookie': cookie(request, '', options) })
}

export function loginStyle(): Response {
  return answer('text/css; charset=utf-8', STYLE, { headers: { 'cache-control': 'private, max-age=3600' } })
}

function cookie({ url, headers }: Request, value: string, { token, basePath }: LoginOptions): string {
  // What a proxy says of the browser's side can only make the cookie stricter.
  const secure = url.startsWith('https:') || headers.get('x-forwarded-proto') === 'https'
  return setCookie(cookieName(token), value, { path: `${basePath}/`, secure })
}

async function readForm(request: Request): Promise<URLSearchParams | 'too large' | null> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded' || request.body === null) return null
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > LONGEST_FORM_BYTES) return 'too large'
    text += decoder.decode(chunk, { stream: true })
  }
  return new URLSearchParams(text)
}

/** In the colours of the page that it leads to. */
const STYLE = `:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f4f5f7, #0d1116);
  color: light-dark(#18202c, #e3e8ef) }
main { width: min(21rem, 100vw - 2rem); box-sizing: border-box; padding: 1.5rem; border-radius: 10px;
  border: 1px solid light-dark(#e2e5ea, #262d37); background: light-dark(#fff, #151a21) }
h1 { font-size: 1.15rem; margin: 0 0 1rem }
label { display: block; margin-bottom: 0.25rem; color: light-dark(#566072, #97a3b4) }
input, button { font: inherit; width: 100%; box-sizing: border-box; padding: 0.5rem 0.75rem; border-radius: 6px }
input { border: 1px solid light-dark(#c3c9d2, #3b4552); background: light-dark(#f7f8fa, #1b212a); color: inherit }
button { margin-top: 0.75rem; border: 0; font-weight: 600; cursor: pointer;
  background: light-dark(#2358b8, #82b1ff); color: light-dark(#fff, #0d1116) }
:focus-visible { outline: 2px solid light-dark(#2358b8, #82b1ff); outline-offset: 2px }
[role="alert"] { margin: 0.5rem 0 0; color: light-dark(#bb2530, #ff8585) }
`
