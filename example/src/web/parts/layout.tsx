/** The frame around every page: head, navigation, message, footer. */
import type { PropsWithChildren } from 'hono/jsx'
import { SCRIPT, STYLE_SHEET } from '../assets.ts'
import type { Theme } from '../context.ts'
import type { Flash } from '../flash.ts'
import { BeeMark, CartIcon, MoonIcon, SunIcon } from './icons.tsx'

interface LayoutProps {
  readonly title: string
  readonly description: string
  readonly theme: Theme
  readonly cartCount: number
  readonly flash: Flash | null
  readonly path: string
}

export function Layout({
  title,
  description,
  theme,
  cartCount,
  flash,
  path,
  children,
}: PropsWithChildren<LayoutProps>) {
  return (
    <html lang="en" data-theme={theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title === '' ? 'DreamBeesArt' : `${title} · DreamBeesArt`}</title>
        <meta name="description" content={description} />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={STYLE_SHEET.path} />
        <script src={SCRIPT.path} defer></script>
      </head>
      <body>
        <a class="skip" href="#content">
          Skip to the content
        </a>
        <header class="top">
          <div class="wrap top-row">
            <a class="brand" href="/" aria-label="DreamBeesArt, front page">
              <BeeMark />
              <span>
                DreamBees<em>Art</em>
              </span>
            </a>
            <nav class="menu" aria-label="Main">
              <MenuLink href="/" label="Works" current={path === '/' || path.startsWith('/works')} />
              <MenuLink href="/artists" label="Artists" current={path.startsWith('/artists')} />
              <MenuLink href="/comments" label="Comments" current={path.startsWith('/comments')} />
              <MenuLink href="/orders" label="Orders" current={path.startsWith('/orders')} />
            </nav>
            <div class="tools">
              <ThemeForm path={path} />
              <a
                class="tool cart-link"
                href="/cart"
                aria-label={`Cart, ${cartCount} ${cartCount === 1 ? 'print' : 'prints'}`}
              >
                <CartIcon />
                {cartCount > 0 && <span class="cart-count">{cartCount}</span>}
              </a>
            </div>
          </div>
        </header>
        {flash !== null && (
          <p class={`flash flash-${flash.tone}`} role="status">
            {flash.text}
          </p>
        )}
        <main id="content" tabindex={-1}>
          {children}
        </main>
        <footer class="foot">
          <div class="wrap foot-row">
            <p>
              <BeeMark /> Every picture here is drawn from its own seed, every time you look.
            </p>
            <p class="quiet">
              A demonstration shop: nothing is charged and nothing is sent. <a href="/admin">Behind the counter</a>
            </p>
          </div>
        </footer>
      </body>
    </html>
  )
}

function MenuLink({
  href,
  label,
  current,
}: {
  readonly href: string
  readonly label: string
  readonly current: boolean
}) {
  return (
    <a href={href} {...(current ? { 'aria-current': 'page' } : {})}>
      {label}
    </a>
  )
}

/** Both directions are buttons; the style sheet shows the one that leads away from the theme in use. */
function ThemeForm({ path }: { readonly path: string }) {
  return (
    <form method="post" action="/theme" class="theme" data-theme-form>
      <input type="hidden" name="back" value={path} />
      <button
        type="submit"
        class="tool to-dark"
        name="theme"
        value="dark"
        aria-label="Switch to the dark theme"
        title="Dark theme"
      >
        <MoonIcon />
      </button>
      <button
        type="submit"
        class="tool to-light"
        name="theme"
        value="light"
        aria-label="Switch to the light theme"
        title="Light theme"
      >
        <SunIcon />
      </button>
    </form>
  )
}
