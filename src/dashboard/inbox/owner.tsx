import type { Approval } from '../../model/approval.ts';
import { sessionId } from '../session.ts';
import { me, sessions } from '../store.ts';
import { inWords } from '../text/visible.ts';
import { T } from '../texts.ts';

/** What resolving will do, where another session owns the approval. */
export function OwnerNote({ approval }: { readonly approval: Approval }) {
  const { client_id, requested_by, resolve_requested } = approval;
  if (client_id === null) {
    return null;
  }
  const principal = requested_by?.principal ?? null;
  if (client_id === sessionId() && principal === (me.value?.principal ?? null)) {
    return null;
  }
  const isConnected = sessions.value.some(
    (session) => session.session_id === client_id && (principal === null || session.principal === principal),
  );
  const name = inWords(client_id);
  return (
    <p class={`owner ${isConnected ? '' : 'gone'}`}>
      {isConnected ? T.owner.connected(name) : T.owner.gone(name)}
      {resolve_requested === null ? null : (
        <> {T.owner.passedOn(resolve_requested.resolution, T.who(resolve_requested))}</>
      )}
    </p>
  );
}
