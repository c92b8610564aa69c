import { Modal } from './parts/modal.tsx';
import { T } from './texts.ts';

export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal title={T.help.title} onClose={onClose}>
      <dl class="keys">
        {T.help.keys.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p class="quiet">{T.help.hint}</p>
    </Modal>
  );
}
