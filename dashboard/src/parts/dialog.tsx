import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly size?: 'small' | 'large'
  readonly children: ComponentChildren
}

/** A modal dialog of the browser's own: it keeps the focus inside and gives it back, and Escape closes it. */
export function Dialog({ title, onClose, size = 'small', children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)

  useEffect(() => {
    const element = dialog.current
    if (element?.open === false) element.showModal()
    return () => element?.close()
  }, [])

  return (
    <dialog
      ref={dialog}
      class={`dialog dialog-${size}`}
      aria-labelledby="dialog-title"
      onClose={onClose}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close()
      }}
    >
      <div class="dialog-frame">
        <header class="dialog-head">
          <h2 id="dialog-title">{title}</h2>
          <button type="button" class="button button-quiet" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </header>
        <div class="dialog-body">{children}</div>
      </div>
    </dialog>
  )
}
