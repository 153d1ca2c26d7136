import { useEffect, useState } from 'preact/hooks'
import { age, clock } from '../format/time.ts'
import { feed, frozen } from '../state/page.ts'
import { useStore } from '../state/store.ts'

/** Whether what is shown is what is: live, paused, or cut off. */
export function LinkState() {
  const link = useStore(feed.link)
  const shown = useStore(frozen)
  const newest = useStore(feed.view)?.seconds.at(-1)?.at ?? null

  if (shown !== null) {
    const at = shown.seconds.at(-1)?.at
    const behind = at === undefined || newest === null || newest - at < 1000 ? '' : `, ${age(newest - at)} behind`
    return <State name="paused">{`Paused${at === undefined ? '' : ` at ${clock(at)}`}${behind}`}</State>
  }
  if (link.state === 'lost') return <Countdown until={link.retryAt} />
  return link.state === 'live' ? <State name="live">Live</State> : <State name="connecting">Connecting</State>
}

function Countdown({ until }: { readonly until: number }) {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.ceil((until - now) / 1000))
  return <State name="lost">{`Reconnecting${seconds > 0 ? ` in ${seconds} s` : ''}`}</State>
}

function State({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <span class={`link-state link-${name}`} data-link={name}>
      <span class="link-dot" aria-hidden="true" />
      {children}
    </span>
  )
}
