import { useEffect, useState } from 'preact/hooks'

const SHOWN_MS = 1500

/** Copies a text. Says so, or that the browser did not allow it. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null)

  useEffect(() => {
    if (outcome === null) return
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [outcome])

  return (
    <button
      type="button"
      class="button button-small copy"
      aria-label={`Copy ${label}`}
      onClick={(event) => {
        const near = event.currentTarget.parentElement ?? document.body
        void copy(text, near).then((done) => setOutcome(done ? 'copied' : 'refused'))
      }}
    >
      <span aria-live="polite">{outcome === null ? 'Copy' : outcome === 'copied' ? 'Copied' : 'Not allowed'}</span>
    </button>
  )
}

/** A browser gives the clipboard to pages of this machine or of HTTPS alone; the others have the old way. */
async function copy(text: string, near: HTMLElement): Promise<boolean> {
  if (navigator.clipboard !== undefined) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
  }
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'hidden-visually'
  near.append(area) // a modal dialog leaves nothing outside of it selectable
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}
