import { signal } from '@preact/signals';
import { onSignedOut } from '../store.ts';

const said = signal<readonly [string, number]>(['', 0]);

/** Says something to those who listen to the page; the same again is said again. */
export function announce(text: string): void {
  said.value = [text, said.value[1] + 1];
}

onSignedOut(() => announce(''));

export function Announcer() {
  const [text, count] = said.value;
  return (
    <div class="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
      {/* A text that does not change is not read: the space makes it another one. */}
      {count % 2 === 0 ? text : `${text}\u00a0`}
    </div>
  );
}
