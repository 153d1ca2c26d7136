/** Opens so many pages of the dashboard at an address and reads their events, until its parent lets go of it. */
import { get } from 'node:http'

const [address = '', count = '0'] = process.argv.slice(2)
let open = 0

for (let page = 0; page < Number(count); page++) {
  get(`${address}/api/events`, { agent: false }, (response) => {
    // A page is open with its first event.
    response.once('data', () => {
      if (++open === Number(count)) process.send?.('open')
    })
    response.resume()
  })
}
process.once('disconnect', () => process.exit())
