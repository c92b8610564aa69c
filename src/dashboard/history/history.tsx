import { T } from '../texts.ts';

/** Approvals of all times, by pages from the service. */
export function History() {
  return (
    <>
      <div class="view-head">
        <h1>{T.views.history}</h1>
      </div>
      <p class="quiet">{T.soon}</p>
    </>
  );
}
