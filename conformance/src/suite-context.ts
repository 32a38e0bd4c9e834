/** The context of every call of the suite: a store under test is opened with `scope: (context) => context.scope`. */
export interface SuiteContext {
  readonly scope: string
}
