/** A share as a bar, beside the number that says it. */
export function ShareBar({ share, tone = 'plain' }: { readonly share: number; readonly tone?: string }) {
  const width = `${Math.min(100, Math.max(0, share * 100))}%`
  return (
    <span class={`share-bar bar-${tone}`} aria-hidden="true">
      <span style={{ width }} />
    </span>
  )
}
