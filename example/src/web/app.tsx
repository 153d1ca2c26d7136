/** The gallery as one application: guards first, then the pages, then what is shown when a page is missing. */
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { loadContext, rememberTheme, type Shop, type ShopContext, THEMES } from './context.ts'
import { localPath, oneOf, readForm } from './forms.ts'
import { formsOnly, sameSiteOnly } from './guard.ts'
import { ErrorPage } from './pages/error-page.tsx'
import { render } from './render.tsx'
import { counter } from './routes/counter.tsx'
import { databaseRoutes } from './routes/database.ts'
import { gallery } from './routes/gallery.tsx'
import { pictures } from './routes/pictures.ts'
import { purchase } from './routes/purchase.tsx'

/** More than the longest comment needs, in any script. */
const FORM_LIMIT_BYTES = 16 * 1024

/** @param closing aborts when the shop is about to close. */
export function createApp(closing?: AbortSignal): Hono<Shop> {
  const app = new Hono<Shop>()

  app.route('/', pictures)
  // Before the guards of the shop: it has its own, and takes what is no form.
  app.route('/', databaseRoutes(closing))
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        imgSrc: ["'self'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      strictTransportSecurity: false,
      xFrameOptions: 'DENY',
    }),
  )
  app.use(sameSiteOnly)
  app.use(formsOnly)
  app.use(
    bodyLimit({
      maxSize: FORM_LIMIT_BYTES,
      onError: () => {
        throw new HTTPException(413, { message: 'That was more than this form can take.' })
      },
    }),
  )

  app.use(loadContext)
  app.route('/', gallery)
  app.route('/', purchase)
  app.route('/', counter)
  app.post('/theme', async (c) => {
    const { theme, back } = await readForm(c)
    rememberTheme(c, oneOf(theme, THEMES, 'auto'))
    return c.redirect(localPath(back), 303)
  })

  app.notFound((c) => {
    const detail = 'The page you are looking for has flown off, or never was.'
    return render(
      fallback(c),
      { title: 'Not found', status: 404 },
      <ErrorPage status={404} title="Nothing here" detail={detail} />,
    )
  })
  app.onError((error, c) => {
    if (error instanceof HTTPException) {
      const page = <ErrorPage status={error.status} title="That did not work" detail={error.message} />
      return render(fallback(c), { title: 'Refused', status: error.status as 403 }, page)
    }
    console.error(`${c.req.method} ${c.req.path} failed:`, error)
    const detail = 'Something went wrong on our side. Nothing was changed; please try again in a moment.'
    return render(
      fallback(c),
      { title: 'Error', status: 500 },
      <ErrorPage status={500} title="A loose thread" detail={detail} />,
    )
  })
  return app
}

/** The request may have failed before its context was loaded. */
function fallback(c: ShopContext): ShopContext {
  if (c.get('theme') === undefined) {
    c.set('theme', 'auto')
    c.set('cartCount', 0)
    c.set('flash', null)
  }
  return c
}
