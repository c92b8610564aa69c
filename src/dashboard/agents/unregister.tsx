import { useState } from 'preact/hooks';
import type { Agent } from '../../model/agent.ts';
import { unregister } from '../api.ts';
import { nameOf } from '../parts/agent-mark.tsx';
import { announce } from '../parts/announcer.tsx';
import { Modal } from '../parts/modal.tsx';
import { signedOut } from '../store.ts';
import { T } from '../texts.ts';

interface Props {
  readonly agent: Agent;
  readonly onClose: () => void;
}

/** Asks before an administrator takes somebody else's agent from the list. */
export function Unregister({ agent, onClose }: Props) {
  const [problem, setProblem] = useState('');
  const [isSending, setSending] = useState(false);
  const name = nameOf(agent);
  const send = async () => {
    setSending(true);
    const answer = await unregister(agent.id);
    setSending(false);
    if (answer.status === 401) {
      signedOut();
    } else if (answer.status === 204 || answer.status === 404) {
      announce(T.agents.unregistered(name));
      onClose();
    } else {
      setProblem(T.agents.notUnregistered(answer.problem || T.agents.unreachable));
    }
  };
  return (
    <Modal title={T.agents.unregisterTitle} onClose={onClose}>
      <p>{T.agents.unregisterText(name)}</p>
      {problem === '' ? null : (
        <p class="note" role="alert">
          {problem}
        </p>
      )}
      <p>
        <button type="button" class="danger" disabled={isSending} onClick={() => void send()}>
          {T.agents.unregister}
        </button>
      </p>
    </Modal>
  );
}
