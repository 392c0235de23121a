/** A query of fleet indexing, parsed. `field` is undefined where any field will do. */
export type Query =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Query[] }
  | { readonly kind: 'not'; readonly part: Query }
  /** The field is there, whatever its value; without a field, everything matches. */
  | { readonly kind: 'exists'; readonly field: string | undefined }
  | { readonly kind: 'words'; readonly field: string | undefined; readonly words: readonly Word[] }
  | { readonly kind: 'range'; readonly field: string; readonly low: Bound | undefined; readonly high: Bound | undefined }

/** One word of a term or a phrase. */
export interface Word {
  /** In lower case. */
  readonly text: string
  /** Set when the word has wildcards; matches a word in lower case. */
  readonly pattern: RegExp | undefined
}

export interface Bound {
  readonly value: number | string
  readonly isInclusive: boolean
}

export type Scalar = string | number | boolean

/** A document of an index, as a query looks at it. */
export interface Searchable {
  /** Values of a field, those of an array one by one; none for an object; undefined when the field is not there. */
  values(field: string): readonly Scalar[] | undefined
  /** Values of all fields that a term without a field looks at. */
  allValues(): Iterable<Scalar>
}
