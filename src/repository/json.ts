/** What a JSON column holds; JSON's `null` as a whole is SQL's NULL. */
export type Json = string | number | boolean | readonly (Json | null)[] | { readonly [key: string]: Json | null }
