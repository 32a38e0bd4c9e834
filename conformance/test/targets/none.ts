/** A module that exports no target. */
export const nothing = null
