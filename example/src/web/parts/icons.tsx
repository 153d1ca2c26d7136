/** The gallery's few icons, drawn here so that nothing has to be fetched. All are decoration: the words stand beside. */
import type { PropsWithChildren } from 'hono/jsx'

function Icon({ children }: PropsWithChildren) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  )
}

export function BeeMark() {
  return (
    <svg class="bee" viewBox="0 0 32 32" width="30" height="30" aria-hidden="true">
      <path d="M16 1 29 8.5v15L16 31 3 23.5v-15z" fill="var(--honey)" />
      <ellipse cx="11.2" cy="11.4" rx="5" ry="3.1" transform="rotate(38 11.2 11.4)" fill="#fff" opacity=".85" />
      <ellipse cx="20.8" cy="11.4" rx="5" ry="3.1" transform="rotate(-38 20.8 11.4)" fill="#fff" opacity=".85" />
      <ellipse cx="16" cy="18.4" rx="5.2" ry="7.4" fill="#2a1d08" />
      <path d="M11.2 16.2h9.6M10.9 19.6h10.2M12 23h8" stroke="#f7bd3a" stroke-width="1.7" />
    </svg>
  )
}

export function HeartIcon() {
  return (
    <Icon>
      <path d="M12 20.3S3.5 15.4 3.5 9.1A4.6 4.6 0 0 1 12 6.7a4.6 4.6 0 0 1 8.5 2.4c0 6.3-8.5 11.2-8.5 11.2z" />
    </Icon>
  )
}

export function CartIcon() {
  return (
    <Icon>
      <path d="M5 8h14l-1 12H6z" />
      <path d="M8.5 8a3.5 3.5 0 0 1 7 0" />
    </Icon>
  )
}

export function MoonIcon() {
  return (
    <Icon>
      <path d="M19.5 14.2A8 8 0 0 1 9.8 4.5a8 8 0 1 0 9.7 9.7z" />
    </Icon>
  )
}

export function SunIcon() {
  return (
    <Icon>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4" />
    </Icon>
  )
}

export function SearchIcon() {
  return (
    <Icon>
      <circle cx="11" cy="11" r="6.5" />
      <path d="m16 16 4.5 4.5" />
    </Icon>
  )
}
