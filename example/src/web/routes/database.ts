/** Behind the counter, live: the dashboard of the library, for who sits at this machine. */
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'
import { dashboard } from 'noormme/dashboard'
import { db } from '../../lib/db/noormme.ts'
import type { Shop } from '../context.ts'
import { isThisMachine } from '../this-machine.ts'

const PATH = '/admin/database'

/** @param closing ends the streams of open pages, so that the shop can close. */
export function databaseRoutes(closing: AbortSignal | undefined): Hono<Shop> {
  const show = dashboard(db, {
    basePath: PATH,
    allowActions: true,
    logger: {
      info: (_, message) => console.log(message),
      warn: (_, message) => console.warn(message),
      error: (details, message) => console.error(message, details),
    },
    ...(closing === undefined ? {} : { signal: closing }),
  })
  const routes = new Hono<Shop>()
  routes.all(`${PATH}/*`, (c) =>
    isThisMachine(c) ? show(c.req.raw, { remoteAddress: getConnInfo(c).remote.address }) : c.notFound(),
  )
  return routes
}
