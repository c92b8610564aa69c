import { useEffect, useRef, useState } from 'preact/hooks';
import { AgentPage } from './agents/agent-page.tsx';
import { ApprovalPage } from './approval/approval.tsx';
import { Help } from './help.tsx';
import { Choice } from './inbox/choice.tsx';
import { Toasts } from './inbox/toasts.tsx';
import { NotifyButton } from './notices.tsx';
import { Announcer, announce } from './parts/announcer.tsx';
import { useKeys } from './parts/keys.ts';
import { route } from './router.ts';
import { SignedOut, Who } from './signing.tsx';
import { mayDecide, me, pending, status } from './store.ts';
import { T } from './texts.ts';
import { VIEWS } from './views.ts';

/** What is around every view. */
export function App() {
  const [isHelping, setHelping] = useState(false);
  const main = useRef<HTMLElement>(null);
  useKeys(({ key }) => {
    if (key === '?') {
      setHelping(true);
    }
    return key === '?';
  });
  useFocusOnRoute(main);
  const isSignedOut = status.value === 'signed-out';
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {T.skip}
      </button>
      <header class="bar">
        <a class="product" href="#/" aria-label={T.product}>
          <Gate /> <span class="product-name">{T.product}</span>
        </a>
        <Navigation />
        <div class="bar-end">
          <StatusMark />
          <NotifyButton />
          <button
            type="button"
            class="ghost help-button"
            onClick={() => setHelping(true)}
            aria-label={T.help.open}
          >
            ?
          </button>
          <Who />
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {isSignedOut ? (
          <SignedOut />
        ) : (
          <>
            <Banners />
            <Current />
          </>
        )}
      </main>
      <Toasts />
      <Choice />
      <Announcer />
      {isHelping ? <Help onClose={() => setHelping(false)} /> : null}
    </>
  );
}

function Current() {
  const where = route.value;
  if (where.view === 'approval') {
    return <ApprovalPage key={where.id} id={where.id} />;
  }
  if (where.view === 'agent') {
    return <AgentPage key={where.id} id={where.id} />;
  }
  const view = VIEWS.find(({ name }) => name === where.view);
  return view === undefined ? (
    <>
      <h1>{T.notFound.title}</h1>
      <p>
        {T.notFound.text} <a href="#/">{T.notFound.link}</a>
      </p>
    </>
  ) : (
    <view.component />
  );
}

function Navigation() {
  const { view } = route.value;
  const count = pending.value.length;
  return (
    <nav aria-label={T.navigation}>
      {VIEWS.map(({ name, href }) => (
        <a
          key={name}
          href={href}
          aria-current={name === view || (name === 'agents' && view === 'agent') ? 'page' : undefined}
        >
          {T.views[name]}
          {name === 'inbox' && count > 0 ? <span class="count-badge">{count}</span> : null}
        </a>
      ))}
    </nav>
  );
}

function StatusMark() {
  const now = status.value;
  return (
    <span class={`status ${now}`} title={T.statusHint[now]} role="status" data-testid="status">
      <span class="dot" aria-hidden="true" />
      {T.status[now]}
    </span>
  );
}

function Banners() {
  return (
    <>
      {status.value === 'reconnecting' ? <p class="banner">{T.stale}</p> : null}
      {me.value !== null && !mayDecide.value ? <p class="banner">{T.viewer(me.value.role)}</p> : null}
    </>
  );
}

/** Another view begins at its top, for everybody. */
function useFocusOnRoute(main: { current: HTMLElement | null }): void {
  const isFirst = useRef(true);
  const where = route.value;
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
    announce(
      where.view === 'approval'
        ? T.approval.heading
        : where.view === 'agent'
          ? T.agents.heading(where.id)
          : where.view === 'unknown'
            ? T.notFound.title
            : T.views[where.view],
    );
  }, [where.view, 'id' in where ? where.id : '']);
}

function Gate() {
  return (
    <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
      <path d="M3 21V9.5a9 7 0 0 1 18 0V21h-5v-8a4 4 0 0 0-8 0v8z" fill="currentColor" />
    </svg>
  );
}
