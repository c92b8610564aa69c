import { logout } from './api.ts';
import { announce } from './parts/announcer.tsx';
import { me, signedOut } from './store.ts';
import { inWords } from './text/visible.ts';
import { T } from './texts.ts';

/** Who is signed in, with the way out; in open mode there is neither. */
export function Who() {
  const who = me.value;
  if (who === null) {
    return null;
  }
  const { principal, role, credential } = who;
  return (
    <span class="who" title={T.you(principal, role)}>
      <span class="who-name">
        {principal === null ? T.openMode : inWords(principal.replace(/^token:/, ''))}
      </span>
      {credential === 'cookie' ? (
        <button type="button" class="ghost" onClick={() => void signOut()}>
          {T.signOut}
        </button>
      ) : null}
    </span>
  );
}

async function signOut(): Promise<void> {
  const { status } = await logout();
  if (status === 204 || status === 401) {
    signedOut();
  } else {
    announce(T.signOutFailed);
  }
}

/** Signing in leads back to where this page is. */
export function SignedOut() {
  return (
    <div class="empty">
      <h1>{T.signedOut.title}</h1>
      <p>{T.signedOut.text}</p>
      <p>
        <a class="button approve" href={`/login${location.hash}`}>
          {T.signedOut.link}
        </a>
      </p>
    </div>
  );
}
