import type { Approval } from '../../model/approval.ts';
import { T } from '../texts.ts';

const PATHS = {
  approved: 'M3 8.5 6.5 12 13 4.5',
  denied: 'm4 4 8 8m0-8-8 8',
  expired: 'M8 4.5V8l2.5 1.5M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z',
  cancelled: 'M3.6 3.6l8.8 8.8M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8Z',
  pending: 'M4 8h.01M8 8h.01M12 8h.01',
} as const;

/** What became of an approval: a colour, a sign and a word. */
export function OutcomeMark({ outcome }: { readonly outcome: Approval['outcome'] }) {
  const name = outcome ?? 'pending';
  return (
    <span class={`outcome ${name}`}>
      <svg viewBox="0 0 16 16" width="13" height="13" aria-hidden="true">
        <path
          d={PATHS[name]}
          fill="none"
          stroke="currentColor"
          stroke-width={name === 'pending' ? 3 : 2}
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>
      {outcome === null ? T.approval.pending : T.outcome[outcome]}
    </span>
  );
}
