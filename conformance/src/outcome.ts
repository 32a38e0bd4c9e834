/** How a case ended that did not fail. */
export type Outcome =
  | { readonly status: 'passed' }
  /** The opposite case ran, because the target declares that its store cannot keep the promise, and it refused. */
  | { readonly status: 'declared gap'; readonly gap: string; readonly reason: string }
  /** Nothing was looked at; with `gap` because of that declared gap, without because the case does not apply. */
  | { readonly status: 'skipped'; readonly gap?: string; readonly reason: string }
