import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test } from 'tap';
import type { Host } from '../../src/host/host.ts';
import { ProblemError } from '../../src/http/problems.ts';
import { WaitRoom } from '../../src/http/wait-room.ts';

/** What the room looks at of a response. */
function someResponse(destroyed = false): ServerResponse {
  return Object.assign(new EventEmitter(), { destroyed }) as unknown as ServerResponse;
}

function someRoom(limits: { maxWaits?: number; maxWaitsPerPrincipal?: number }) {
  const figures = { agents: 0, pending: 0, waits: 0 };
  const room = new WaitRoom({ figures } as Host, { maxWaits: 100, maxWaitsPerPrincipal: 100, ...limits });
  return { room, figures };
}

const REFUSED = new ProblemError(
  'too-many-requests',
  "'token:ann' has 2 waits open, as many as SALLYPORT_MAX_WAITS_PER_PRINCIPAL allows; try again when one of them has ended",
);

test('a principal has room for so many waits, whatever others have', (t) => {
  const { room, figures } = someRoom({ maxWaitsPerPrincipal: 2 });
  const first = someResponse();
  room.enter('token:ann', first);
  room.enter('token:ann', someResponse());
  t.throws(() => room.enter('token:ann', someResponse()), REFUSED);
  room.arrived();
  room.arrived();
  figures.waits = 2;
  t.throws(() => room.enter('token:ann', someResponse()), REFUSED, 'parked or not');
  room.enter('token:bo', someResponse());
  for (let times = 0; times < 5; times++) {
    room.enter(null, someResponse());
  }
  first.emit('close');
  room.enter('token:ann', someResponse());
  t.throws(() => room.enter('token:ann', someResponse()), REFUSED);
  t.end();
});

test('a client that has gone before its wait is let in takes no room of its principal', (t) => {
  const { room } = someRoom({ maxWaitsPerPrincipal: 1 });
  room.enter('token:ann', someResponse(true));
  room.enter('token:ann', someResponse());
  t.throws(() => room.enter('token:ann', someResponse()), { code: 'too-many-requests' });
  t.end();
});

test('what is refused takes no room', (t) => {
  const { room } = someRoom({ maxWaits: 1, maxWaitsPerPrincipal: 1 });
  const first = someResponse();
  room.enter('token:ann', first);
  t.throws(() => room.enter('token:bo', someResponse()), { message: /SALLYPORT_MAX_WAITS allows/ });
  room.arrived();
  room.enter('token:bo', someResponse());
  room.arrived();
  t.throws(() => room.enter('token:ann', someResponse()), { message: /PER_PRINCIPAL/ });
  first.emit('close');
  room.enter('token:ann', someResponse());
  t.end();
});
