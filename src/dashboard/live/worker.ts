import { Feed } from './feed.ts';
import type { FromTab } from './messages.ts';

/** The shared worker: one for all tabs of a browser. It ends with the last of them. A tab without one loads it for its feed. */

export { Feed };

let feed: Feed | undefined;

const scope = self as unknown as { onconnect: (event: MessageEvent) => void };
scope.onconnect = ({ ports }) => {
  const [port] = ports;
  port?.addEventListener('message', ({ data }: MessageEvent<FromTab>) => {
    if (data.type === 'join') {
      feed ??= new Feed(data.sessionId);
    }
    feed?.take(port, data, (message) => port.postMessage(message));
  });
  port?.start();
};
