import { effect, signal } from '@preact/signals';
import type { Approval } from '../model/approval.ts';
import { announce } from './parts/announcer.tsx';
import { onChanges, onNotify, onSignedOut, pending } from './store.ts';
import { inWords } from './text/visible.ts';
import { T } from './texts.ts';

/** How a person is told who is not looking at the list: the title, the icon, a notification, a voice. */

const SIZE = 32;
const MOST = 99;
/** Voices say what came within this time together. */
const GATHER_MS = 1000;
const isThere = 'Notification' in globalThis;
const permission = signal<NotificationPermission>(isThere ? Notification.permission : 'denied');

export function startNotices(): void {
  let titled = -1;
  let drawn = '';
  effect(() => {
    const count = pending.value.length;
    if (count !== titled) {
      titled = count;
      document.title = T.title(count);
    }
    // A picture is costly to make, and more than two digits do not fit.
    const text = count > MOST ? String(MOST) : String(count);
    if (text !== drawn) {
      drawn = text;
      setTimeout(() => drawIcon(count, text));
    }
  });
  onNotify(notify);
  onChanges(({ arrived }) => {
    const [first] = arrived;
    if (first !== undefined && document.visibilityState === 'visible') {
      say(arrived.length, first.action);
    }
  });
  onSignedOut(() => {
    unsaid = 0;
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

/** A gate, and the number of what waits. */
function drawIcon(count: number, text: string): void {
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
