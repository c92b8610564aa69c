import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Filter, STATUSES } from '../history/filter.ts';
import { follow, Listing, type Progress } from '../history/listing.ts';
import type { Rows } from '../history/rows.ts';
import { now } from '../store.ts';
import { clock } from '../text/time.ts';
import { T } from '../texts.ts';
import { type Measures, measure } from './measure.ts';
import { Plot } from './plot.tsx';
import { heightOf, rangeOf, spanName, tickName, ticksIn } from './scale.ts';
import { Table } from './table.tsx';

/** Approvals that are measured. */
const LIMITS = { page: 500, rows: 2000 };
/** Nobody reads a chart faster. */
const PACE_MS = 2000;

/** How long people take to decide, and how much waits for them. `filter.statuses` is not asked: it takes all. */
export function Charts({ filter }: { readonly filter: Filter }) {
  const listing = useMemo(() => new Listing({ ...filter, statuses: STATUSES }, LIMITS), []);
  useEffect(() => {
    const stop = follow(listing);
    void listing.readAll();
    return stop;
  }, []);
  const progress = listing.progress.value;
  const rows = useSlowly(listing.rows.value, progress);
  const approvals = useMemo(() => [...rows.fresh, ...rows.shown], [rows]);
  const measures = useMemo(() => {
    const end = Math.min(now.peek(), listing.bounds.before ?? Number.POSITIVE_INFINITY);
    return measure(approvals, end);
  }, [approvals]);
  if (progress === 'failed') {
    return (
      <div class="list-end" role="status">
        <span class="note">{T.history.failed(listing.problem)}</span>
        <button type="button" onClick={() => void listing.readAll()}>
          {T.history.again}
        </button>
      </div>
    );
  }
  if (progress === 'loading' || progress === 'more') {
    return (
      <p class="quiet" role="status">
        {T.history.reading(approvals.length)}
      </p>
    );
  }
  if (approvals.length === 0) {
    return (
      <div class="empty">
        <strong>{T.charts.none}</strong>
      </div>
    );
  }
  return (
    <>
      <p class="quiet made-of" role="status">
        {T.charts.madeOf(approvals.length, progress === 'full')}
      </p>
      <Figures measures={measures} />
      <TimeToDecide measures={measures} />
      <Pending measures={measures} />
      <Table measures={measures} />
    </>
  );
}

/** The rows of a while ago: measuring and drawing them takes longer than one of them to come. */
function useSlowly(rows: Rows, progress: Progress): Rows {
  const [slow, setSlow] = useState(rows);
  const [held] = useState<{ timer?: ReturnType<typeof setTimeout> | undefined; rows: Rows }>({ rows });
  held.rows = rows;
  useEffect(() => {
    held.timer ??= setTimeout(() => {
      held.timer = undefined;
      setSlow(held.rows);
    }, PACE_MS);
  }, [rows]);
  useEffect(() => setSlow(held.rows), [progress]);
  useEffect(() => () => clearTimeout(held.timer), []);
  return slow;
}

function Figures({ measures }: { readonly measures: Measures }) {
  const { decided, approved, expired, medianMs, p95Ms, mostPending } = measures;
  const share = decided === 0 ? T.charts.noValue : T.charts.share(Math.round((100 * approved) / decided));
  const figures: [string, string | number][] = [
    [T.charts.decided, decided],
    [T.charts.approved, share],
    [T.charts.median, spanOf(medianMs)],
    [T.charts.p95, spanOf(p95Ms)],
    [T.charts.expired, expired],
    [T.charts.mostPending, mostPending],
  ];
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function TimeToDecide({ measures }: { readonly measures: Measures }) {
  const [index, say] = useState<number | null>(null);
  const buckets = useMemo(() => measures.buckets.filter(({ decided }) => decided > 0), [measures]);
  const heights = useMemo(
    () => [buckets.map(({ medianMs }) => heightOf(medianMs)), buckets.map(({ p95Ms }) => heightOf(p95Ms))],
    [buckets],
  );
  const data = useMemo(
    () =>
      [buckets.map(({ from, to }) => (from + to) / 2000), ...heights] as [number[], ...(number | null)[][]],
    [buckets],
  );
  if (buckets.length === 0) {
    return null;
  }
  const range = rangeOf(heights.flat());
  const pointed = buckets[index ?? -1];
  return (
    <figure class="chart">
      <figcaption>
        <h2>{T.charts.timeToDecide}</h2>
        <Key colour="median" name={T.charts.medianLine} />
        <Key colour="p95" name={T.charts.p95Line} />
        <p class="quiet">
          {pointed === undefined
            ? T.charts.timeToDecideHint(spanName(measures.sizeMs))
            : T.charts.at(
                clock(new Date(pointed.from).toISOString()),
                spanOf(pointed.medianMs),
                spanOf(pointed.p95Ms),
                pointed.decided,
              )}
        </p>
      </figcaption>
      <Plot
        data={data}
        lines={LINES}
        range={range}
        ticks={ticksIn(...range)}
        tickName={tickName}
        label={T.charts.picture(T.charts.timeToDecide)}
        say={say}
      />
    </figure>
  );
}

const LINES = [
  { colour: '--chart-1', kind: 'points' },
  { colour: '--chart-2', kind: 'points', dash: [6, 4] },
] as const;

function Pending({ measures }: { readonly measures: Measures }) {
  const [index, say] = useState<number | null>(null);
  const { steps, mostPending, buckets } = measures;
  const data = useMemo(() => {
    const end = Math.max(now.peek(), steps.at(-1)?.at ?? 0);
    const all = [...steps, { at: end, pending: steps.at(-1)?.pending ?? 0 }];
    return [all.map(({ at }) => at / 1000), all.map(({ pending }) => pending)] as [number[], number[]];
  }, [steps, buckets]);
  const range: [number, number] = [0, Math.max(4, Math.ceil(mostPending / 4) * 4)];
  const pointed = index === null ? undefined : steps[Math.min(index, steps.length - 1)];
  return (
    <figure class="chart">
      <figcaption>
        <h2>{T.charts.pending}</h2>
        <Key colour="pending" name={T.charts.pendingLine} />
        <p class="quiet">
          {pointed === undefined
            ? T.charts.pendingHint
            : T.charts.pendingAt(clock(new Date(pointed.at).toISOString()), pointed.pending)}
        </p>
      </figcaption>
      <Plot
        data={data}
        lines={PENDING_LINES}
        range={range}
        ticks={[0, 1, 2, 3, 4].map((part) => (part * range[1]) / 4)}
        tickName={String}
        label={T.charts.picture(T.charts.pending)}
        say={say}
      />
    </figure>
  );
}

const PENDING_LINES = [{ colour: '--chart-1', kind: 'steps' }] as const;

function Key({ colour, name }: { readonly colour: string; readonly name: string }) {
  return (
    <span class={`chart-key ${colour}`}>
      <svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true">
        <path d="M1 4h22" stroke="currentColor" stroke-width="2.5" fill="none" />
      </svg>
      {name}
    </span>
  );
}

function spanOf(ms: number | null): string {
  return ms === null ? T.charts.noValue : spanName(ms);
}
