import { parse, View } from 'vega'
import { compile } from 'vega-lite'
import type { StoreReport } from './measure-store.ts'

/** Bars of the medians of one call at a time, in SVG; the axis is logarithmic, for a peer may be far away. */
export async function toChart({ figures }: StoreReport): Promise<string> {
  const values = figures
    .filter(({ inFlight }) => inFlight === 1)
    .flatMap(({ title, size, sides }) =>
      Object.entries(sides)
        .filter(([side]) => side !== 'bare again')
        .map(([side, { p50 }]) => ({
          work: size === undefined ? title : `${title} (${size.toLocaleString('en')})`,
          side,
          p50,
        })),
    )
  const { spec } = compile({
    background: 'white',
    data: { values },
    width: 520,
    height: { step: 9 },
    mark: 'bar',
    encoding: {
      y: { field: 'work', type: 'nominal', sort: null, title: null, axis: { labelLimit: 300 } },
      yOffset: { field: 'side', sort: order },
      x: { field: 'p50', type: 'quantitative', scale: { type: 'log' }, title: 'median in milliseconds, logarithmic' },
      color: { field: 'side', type: 'nominal', sort: order, title: null, scale: { domain: order, range: colors } },
    },
  })
  return new View(parse(spec), { renderer: 'none' }).toSVG()
}

const order = ['adapter', 'bare', 'by hand', 'peer']
const colors = ['#1f5fa8', '#9db8d6', '#c9c9c9', '#d98032']
