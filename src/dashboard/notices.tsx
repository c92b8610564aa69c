import { signal } from '@preact/signals';
import type { Approval } from '../model/approval.ts';
import { announce } from './parts/announcer.tsx';
import { paced } from './parts/paced.ts';
import { onChanges, onNotify, onSignedOut, pending } from './store.ts';
import { inWords } from './text/visible.ts';
import { T } from './texts.ts';

/** How a person is told who is not looking at the list: the title, the icon, a notification, a voice. */

const MOST = 99;
/** The title changes this often at most. */
const TITLE_MS = 500;
/** Voices say what came within this time together. */
const GATHER_MS = 1000;
const isThere = 'Notification' in globalThis;
const permission = signal<NotificationPermission>('denied');

export function startNotices(): void {
  permission.value = isThere ? Notification.permission : 'denied';
  paced(
    TITLE_MS,
    () => pending.value,
    () => title(pending.peek().length),
  );
  onNotify(notify);
  onChanges(({ arrived }) => {
    const [first] = arrived;
    if (first !== undefined && document.visibilityState === 'visible') {
      say(arrived.length, first.action);
    }
  });
  onSignedOut(() => {
    unsaid = 0;
    title(0);
  });
}

let unsaid = 0;

function say(count: number, action: string): void {
  unsaid += count;
  if (unsaid === count) {
    setTimeout(() => {
      if (unsaid > 0) {
        announce(T.inbox.arrived(unsaid, action));
      }
      unsaid = 0;
    }, GATHER_MS);
  }
}

/** Asks for the permission; a browser shows its question only when somebody has pressed something. */
export function NotifyButton() {
  return permission.value === 'default' ? (
    <button type="button" class="ghost notify-button" title={T.notices.askHint} onClick={() => void ask()}>
      {T.notices.ask}
    </button>
  ) : null;
}

async function ask(): Promise<void> {
  permission.value = await Notification.requestPermission();
  announce(permission.value === 'granted' ? T.notices.on : T.notices.denied);
}

function notify({ id, action, requested_by }: Approval): void {
  if (permission.value !== 'granted') {
    return;
  }
  const body = `${inWords(action)}\n${T.card.by(T.who(requested_by))}`;
  const notice = new Notification(T.notices.title, { body, tag: id });
  notice.addEventListener('click', () => {
    window.focus();
    location.hash = `#/approvals/${id}`;
    notice.close();
  });
}

/** To change a title costs more than to draw a list. */
function title(count: number): void {
  const text = T.title(count);
  if (document.title !== text) {
    document.title = text;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    icon?.setAttribute('href', `data:image/svg+xml,${encodeURIComponent(iconOf(count))}`);
  }
}

/** A gate, or the number of what waits; more than two digits do not fit. */
function iconOf(count: number): string {
  const [colour, sign] =
    count === 0
      ? ['#5b6472', '<path d="M7 25V15a9 8 0 0 1 18 0v10h-5v-9a4 4 0 0 0-8 0v9z" fill="#fff"/>']
      : [
          '#1f6f4a',
          `<text x="16" y="23" font-family="sans-serif" font-weight="bold" font-size="${count > 9 ? 19 : 23}" text-anchor="middle" fill="#fff">${Math.min(count, MOST)}</text>`,
        ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${colour}"/>${sign}</svg>`;
}
