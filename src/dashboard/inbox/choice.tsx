import { signal } from '@preact/signals';
import type { Approval } from '../../model/approval.ts';
import { Modal } from '../parts/modal.tsx';
import { StrangerText } from '../parts/stranger-text.tsx';
import { othersOf } from '../text/options.ts';
import { T } from '../texts.ts';
import { hold } from './held.ts';

/** The approval whose other options are asked for. */
export const choosing = signal<Approval | null>(null);

/** Which of several options that do not approve. */
export function Choice() {
  const approval = choosing.value;
  if (approval === null) {
    return null;
  }
  return (
    <Modal title={T.choose.title} onClose={() => (choosing.value = null)}>
      <p>{T.choose.text(approval.action)}</p>
      <div class="buttons">
        {othersOf(approval).map((option) => (
          <button
            key={option}
            type="button"
            class="option"
            onClick={() => {
              choosing.value = null;
              hold([approval], option);
            }}
          >
            <StrangerText text={option} />
          </button>
        ))}
      </div>
    </Modal>
  );
}
