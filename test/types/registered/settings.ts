/** What users.settings holds; named for the generated types by `types.json`. */
export interface Settings {
  readonly theme: 'dark' | 'light'
}
