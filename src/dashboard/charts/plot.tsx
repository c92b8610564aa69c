import { useEffect, useRef } from 'preact/hooks';
import type UPlot from 'uplot';
import { timeNames } from './scale.ts';

const HEIGHT = 220;

export interface Line {
  /** Of a colour in the style sheet: `--yes`. */
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly kind: 'points' | 'steps';
}

interface Props {
  /** Moments in seconds, then the values of each line. */
  readonly data: UPlot.AlignedData;
  readonly lines: readonly Line[];
  readonly range: [number, number];
  readonly ticks: readonly number[];
  readonly tickName: (value: number) => string;
  readonly label: string;
  /** What is said of the point under the pointer. */
  readonly say: (index: number | null) => void;
}

/** A chart of uPlot, which is only fetched now. It says nothing to a screen reader but its label. */
export function Plot(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  const { data, range, ticks } = props;
  useEffect(() => {
    const element = place.current;
    let end = () => {};
    let isWanted = true;
    void import('uplot').then(({ default: Chart }) => {
      if (isWanted && element !== null) {
        end = draw(Chart, element, props);
      }
    });
    return () => {
      isWanted = false;
      end();
    };
  }, [data, String(range), String(ticks)]);
  return <div ref={place} class="plot" role="img" aria-label={props.label} />;
}

/** Draws, again when the width or the colours change. Returns what takes it away. */
function draw(Chart: typeof UPlot, element: HTMLElement, props: Props): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  let chart = new Chart(optionsOf(Chart, element, props), props.data, element);
  const again = () => {
    chart.destroy();
    chart = new Chart(optionsOf(Chart, element, props), props.data, element);
  };
  const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
  observer.observe(element);
  dark.addEventListener('change', again);
  return () => {
    dark.removeEventListener('change', again);
    observer.disconnect();
    chart.destroy();
  };
}

function optionsOf(Chart: typeof UPlot, element: HTMLElement, props: Props): UPlot.Options {
  const { lines, range, ticks, tickName, say } = props;
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--quiet'),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [12, 12, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false },
    scales: { x: { time: true }, y: { range } },
    axes: [
      {
        ...axis,
        size: 28,
        grid: { show: false },
        values: (_chart, splits, _axis, _space, increment) =>
          timeNames(
            splits.map((at) => at * 1000),
            increment * 1000,
          ),
      },
      { ...axis, size: 64, splits: () => [...ticks], values: (_chart, splits) => splits.map(tickName) },
    ],
    series: [
      {},
      ...lines.map(({ colour: name, dash, kind }) => ({
        stroke: colour(name),
        width: kind === 'steps' ? 1.5 : 2,
        spanGaps: true,
        ...(dash && { dash: [...dash] }),
        ...(kind === 'steps'
          ? {
              fill: `color-mix(in srgb, ${colour(name)} 16%, transparent)`,
              points: { show: false },
              ...(Chart.paths.stepped && { paths: Chart.paths.stepped({ align: 1 }) }),
            }
          : { points: { show: true, size: 6, fill: colour('--surface') } }),
      })),
    ],
    hooks: { setCursor: [(chart) => say(chart.cursor.idx ?? null)] },
  };
}
