import { getConnInfo } from '@hono/node-server/conninfo'
import type { ShopContext } from './context.ts'

/** Only who sits at this machine sees the counter; what a proxy passes on comes from elsewhere. */
export function isThisMachine(c: ShopContext): boolean {
  const { address } = getConnInfo(c).remote
  const forwarded = c.req.header('x-forwarded-for') ?? c.req.header('forwarded')
  return forwarded === undefined && ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(address ?? '')
}
