/** Sends a page. */
import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ShopContext } from './context.ts'
import { Layout } from './parts/layout.tsx'

export interface PageOptions {
  readonly title: string
  readonly description?: string
  readonly status?: ContentfulStatusCode
}

export async function render(
  c: ShopContext,
  { title, description, status = 200 }: PageOptions,
  body: Child,
): Promise<Response> {
  const page = (
    <Layout
      title={title}
      description={description ?? 'Limited prints of generated art, each grown from a single seed.'}
      theme={c.get('theme')}
      cartCount={c.get('cartCount')}
      flash={c.get('flash')}
      path={c.req.path}
    >
      {body}
    </Layout>
  )
  // Every page shows the visitor's cart; going back must not show it as it was before.
  c.header('Cache-Control', 'no-store')
  return c.html(html`<!doctype html>${page}`, status)
}
