/** The subject with some of its members replaced; nothing of the subject itself changes. */
export function replacing<T extends object>(subject: T, members: object): T {
  return new Proxy(subject, {
    has: (target, key) => Reflect.get(members, key) !== undefined || (!Reflect.has(members, key) && key in target),
    get(target, key) {
      const member: unknown = Reflect.has(members, key) ? Reflect.get(members, key) : Reflect.get(target, key)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
