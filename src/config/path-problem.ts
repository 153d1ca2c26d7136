/** Why a path cannot name a file, as a sentence without its subject that never repeats the path; `null` when it can. */
export function pathProblem(path: string): string | null {
  if (path === '') return 'must not be empty'
  // The driver would trim them and open another file than the one named.
  if (path !== path.trim()) return 'must not begin or end with blanks'
  if (/\p{Cc}/u.test(path)) return 'must not hold control characters (NUL, line breaks, …)'
  if (!path.isWellFormed()) return 'must be well-formed Unicode'
  if (/(^|[/\\])\.{0,2}$/.test(path)) return 'must name a file, not a folder'
  if (/^~[/\\]/.test(path)) return 'must not begin with "~", which only a shell replaces: write the folder out'
  return null
}
