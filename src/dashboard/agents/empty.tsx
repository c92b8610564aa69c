import { me } from '../store.ts';
import { T } from '../texts.ts';

/** Says how the first agent comes to be here. */
export function NoAgents() {
  return (
    <>
      <div class="view-head">
        <h1>{T.views.agents}</h1>
      </div>
      <div class="empty">
        <svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true">
          <path
            d="M14 18h20a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H14a4 4 0 0 1-4-4V22a4 4 0 0 1 4-4zM24 18v-6M24 8v.1M18 26v4M30 26v4M10 28H6M42 28h-4"
            fill="none"
            stroke="currentColor"
            stroke-linecap="round"
            stroke-width="2"
          />
        </svg>
        <p>
          <strong>{T.agents.empty}</strong>
        </p>
        <p class="quiet">{T.agents.emptyText}</p>
        <figure class="command example">
          <pre>
            <code>{T.agents.example(location.origin, (me.value?.credential ?? null) !== null)}</code>
          </pre>
        </figure>
      </div>
    </>
  );
}
