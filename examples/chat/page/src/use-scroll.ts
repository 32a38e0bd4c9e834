import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

interface Scroll {
  box: RefObject<HTMLDivElement | null>
  /** False while the person reads further up. */
  atEnd: boolean
  onScroll: () => void
  toEnd: () => void
}

/**
 * Keeps the end of a growing list in view while the person is there, and what they read in its place while older items
 * appear above. `first` and `content` name what is shown; a new `list` starts at its end.
 */
export function useScroll(list: unknown, first: string | undefined, content: unknown): Scroll {
  const box = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  const shown = useRef<{ list: unknown; first: string | undefined; fromEnd: number; follow: boolean }>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: `content` is what makes the box grow.
  useLayoutEffect(() => {
    const { current } = box
    if (!current) return
    const before = shown.current
    if (!before || before.list !== list || before.follow) current.scrollTop = current.scrollHeight
    else if (before.first !== first) current.scrollTop = current.scrollHeight - before.fromEnd
    shown.current = { list, first, ...placeOf(current) }
    setAtEnd(shown.current.follow)
  }, [list, first, content])

  useLayoutEffect(() => {
    const { current } = box
    if (!current) return
    const observer = new ResizeObserver(() => {
      if (shown.current?.follow) current.scrollTop = current.scrollHeight
    })
    observer.observe(current)
    return () => observer.disconnect()
  }, [])

  const onScroll = () => {
    if (!box.current || !shown.current) return
    Object.assign(shown.current, placeOf(box.current))
    setAtEnd(shown.current.follow)
  }
  const toEnd = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }
  return { box, atEnd, onScroll, toEnd }
}

function placeOf(box: HTMLElement): { fromEnd: number; follow: boolean } {
  const fromEnd = box.scrollHeight - box.scrollTop
  return { fromEnd, follow: fromEnd - box.clientHeight < 60 }
}
