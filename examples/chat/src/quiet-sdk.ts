/** What the SDK prints of every request and answer: whole messages of users, which do not belong into a log. */
const chatter = /^(DEBUG threads\.create params|\[StreamConverter\])/

/** Keeps the SDK's debugging output off the console; everything else is printed as before. */
export function quietSdk(): void {
  const print = console.log
  console.log = (...words: unknown[]) => {
    if (typeof words[0] === 'string' && chatter.test(words[0])) return
    print(...words)
  }
}
