/** What a visitor sees when something is not there or went wrong. */
interface ErrorPageProps {
  readonly status: number
  readonly title: string
  readonly detail: string
}

export function ErrorPage({ status, title, detail }: ErrorPageProps) {
  return (
    <section class="wrap page lost">
      <svg viewBox="0 0 240 120" width="240" height="120" aria-hidden="true" class="lost-bee">
        <path class="lost-path" d="M6 96c40 20 66-30 44-46S14 62 44 78s84-10 118-40" />
        <g transform="translate(184 28) rotate(24)">
          <ellipse cx="-8" cy="-15" rx="7" ry="13" transform="rotate(-24 -8 -15)" class="lost-wing" />
          <ellipse cx="8" cy="-15" rx="7" ry="13" transform="rotate(10 8 -15)" class="lost-wing" />
          <ellipse rx="21" ry="14" fill="var(--honey)" />
          <path d="M-7-13v26M4-13.5v27M14-10v20" stroke="#2a1d08" stroke-width="5" />
        </g>
      </svg>
      <p class="eyebrow">{status}</p>
      <h1>{title}</h1>
      <p class="lead">{detail}</p>
      <p class="lost-back">
        <a class="button" href="/">
          Back to the gallery
        </a>
      </p>
    </section>
  )
}
