import { clock } from '../text/time.ts';
import { T } from '../texts.ts';
import type { Measures } from './measure.ts';
import { spanName } from './scale.ts';

/** What the charts show, for those who do not see them, and for those who want the figures. */
export function Table({ measures }: { readonly measures: Measures }) {
  const { columns } = T.charts;
  const name = (ms: number | null) => (ms === null ? T.charts.noValue : spanName(ms));
  return (
    <details class="chart-table">
      <summary>{T.charts.table}</summary>
      <div class="table-frame">
        <table>
          <thead>
            <tr>
              {Object.values(columns).map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {measures.buckets.toReversed().map(({ from, decided, medianMs, p95Ms, mostPending }) => (
              <tr key={from}>
                <th scope="row">{clock(new Date(from).toISOString())}</th>
                <td>{decided}</td>
                <td>{name(medianMs)}</td>
                <td>{name(p95Ms)}</td>
                <td>{mostPending}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
