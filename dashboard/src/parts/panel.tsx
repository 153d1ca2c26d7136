import type { ComponentChildren } from 'preact'

interface PanelProps {
  readonly id: string
  readonly title: string
  /** Beside the title, in a word or two. */
  readonly note?: ComponentChildren
  /** At the right end of the head: buttons and choices. */
  readonly tools?: ComponentChildren
  /** What is good, in one line. */
  readonly hint?: ComponentChildren
  readonly wide?: 'two' | 'all'
  readonly children: ComponentChildren
}

/** One subject of the page, in a frame. `j` and `k` move the focus from one to the next. */
export function Panel({ id, title, note, tools, hint, wide, children }: PanelProps) {
  return (
    <section
      class={`panel${wide === undefined ? '' : ` panel-${wide}`}`}
      id={id}
      aria-labelledby={`${id}-title`}
      data-panel
      tabIndex={-1}
    >
      <header class="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {note !== undefined && <span class="panel-note">{note}</span>}
        {tools !== undefined && <div class="panel-tools">{tools}</div>}
      </header>
      <div class="panel-body">{children}</div>
      {hint !== undefined && <p class="panel-hint">{hint}</p>}
    </section>
  )
}

/** Said in place of a table or chart that has nothing to show: why, and what would fill it. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>
}
