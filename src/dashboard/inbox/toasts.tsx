import { now } from '../store.ts';
import { T } from '../texts.ts';
import { HOLD_MS, held, takeBack } from './held.ts';

/** Decisions that are not sent yet, each with a way back. */
export function Toasts() {
  if (held.value.length === 0) {
    return null;
  }
  // Drawn again with the clock of the page.
  void now.value;
  return (
    <section class="toasts" aria-label={T.undo.region}>
      {held.value.map(({ key, approvals, option, dueAt }) => (
        <div key={key} class="toast">
          <p>
            <strong>
              {approvals.length === 1
                ? T.undo.one(option, approvals[0]?.action ?? '')
                : T.undo.many(option, approvals.length)}
            </strong>
            <span class="quiet">
              {T.undo.sentIn(Math.min(HOLD_MS / 1000, Math.max(1, Math.ceil((dueAt - Date.now()) / 1000))))}.{' '}
              {T.undo.hint}
            </span>
          </p>
          <button type="button" onClick={() => takeBack(key)}>
            {T.undo.undo} <kbd>u</kbd>
          </button>
          <span class="countdown" aria-hidden="true" />
        </div>
      ))}
    </section>
  );
}
