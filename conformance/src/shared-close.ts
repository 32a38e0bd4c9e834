interface Closing {
  close?(): Promise<void>
}

/** How many suites still use a target. */
const users = new WeakMap<Closing, number>()

/** What closes the targets of one suite: each is closed by the last suite that uses it. */
export function sharedClose(...targets: readonly Closing[]): () => Promise<void> {
  for (const target of targets) users.set(target, usersOf(target) + 1)
  return async () => {
    for (const target of targets) users.set(target, usersOf(target) - 1)
    await Promise.all(targets.filter((target) => usersOf(target) === 0).map((target) => target.close?.()))
  }
}

function usersOf(target: Closing): number {
  return users.get(target) ?? 0
}
