import { effect, signal } from '@preact/signals';
import type { Approval } from '../model/approval.ts';
import { announce } from './parts/announcer.tsx';
import { onChanges, onNotify, pending } from './store.ts';
import { inWords } from './text/visible.ts';
import { T } from './texts.ts';

/** How a person is told who is not looking at the list: the title, the icon, a notification, a voice. */

const SIZE = 32;
const isThere = 'Notification' in globalThis;
const permission = signal<NotificationPermission>(isThere ? Notification.permission : 'denied');

export function startNotices(): void {
  let shown = -1;
  effect(() => {
    const count = pending.value.length;
    if (count !== shown) {
      shown = count;
      document.title = T.title(count);
      drawIcon(count);
    }
  });
  onNotify(notify);
  onChanges(({ arrived }) => {
    const [first] = arrived;
    if (first !== undefined && document.visibilityState === 'visible') {
      announce(T.inbox.arrived(arrived.length, first.action));
    }
  });
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

/** A gate, and the number of what waits. */
function drawIcon(count: number): void {
  const canvas = document.createElement('canvas');
  canvas.width = SIZE;
  canvas.height = SIZE;
  const pen = canvas.getContext('2d');
  if (pen === null) {
    return;
  }
  pen.fillStyle = count === 0 ? '#5b6472' : '#1f6f4a';
  pen.beginPath();
  pen.roundRect(0, 0, SIZE, SIZE, 7);
  pen.fill();
  pen.fillStyle = '#fff';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  const text = count > 99 ? '99' : String(count);
  pen.font = `bold ${text.length > 1 ? 19 : 23}px sans-serif`;
  if (count > 0) {
    pen.fillText(text, SIZE / 2, SIZE / 2 + 1.5);
  } else {
    pen.fill(new Path2D('M7 25V15a9 8 0 0 1 18 0V25h-5v-9a4 4 0 0 0-8 0v9z'));
  }
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (icon !== null) {
    icon.href = canvas.toDataURL();
  }
}
