import { parse, View } from 'vega'
import { compile } from 'vega-lite'
import type { StoreReport } from './measure-store.ts'

/** Dots for the medians of one call at a time, in SVG; the axis is logarithmic, for a peer may be far away. */
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
    config: { axisY: { labelLimit: 400 } },
    data: { values },
    width: 520,
    height: { step: 7 },
    mark: { type: 'point', filled: true, opacity: 1, size: 45 },
    encoding: {
      y: { field: 'work', type: 'nominal', sort: null, title: null },
      yOffset: { field: 'side', sort: order },
      x: { field: 'p50', type: 'quantitative', scale: { type: 'log' }, title: 'median in milliseconds, logarithmic' },
      color: {
        field: 'side',
        type: 'nominal',
        sort: order,
        title: null,
        scale: { domain: order, range: colors },
        legend: { orient: 'top' },
      },
    },
  })
  return new View(parse(spec), { renderer: 'none' }).toSVG()
}

const order = ['adapter', 'bare', 'by hand', 'peer']
const colors = ['#1f5fa8', '#7fa8d1', '#a3a3a3', '#d98032']
