import { test } from 'tap';
import { start } from '../service.ts';
import { dial, firstAnswers, json, messages, notify } from './wire.ts';

const COUNT = 1000;

test('a thousand requests in one packet are all answered, in order', async (t) => {
  const started = await start(t);
  const connection = dial(t, started.url);
  const expected = Array.from({ length: COUNT }, (_, index) => `message ${index}`);
  connection.send(expected.map((message) => notify(message)).join(''));
  const answers = await firstAnswers(connection, COUNT);
  t.strictSame(
    answers.map((answer) => [answer.status, json(answer).message]),
    expected.map((message) => [201, message]),
  );
  t.strictSame((await messages(started)).sort(), [...expected].sort(), 'each was recorded once');
});

test('a refusal, an unknown path or a wait in the middle does not change the order', async (t) => {
  const started = await start(t, { store: 'memory:' });
  const connection = dial(t, started.url);
  const get = (target: string) => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const wait = '{"action":"a","timeout_ms":50}';
  const round = [
    notify('one'),
    get('/nothing'),
    `POST /approvals/wait HTTP/1.1\r\nHost: localhost\r\nX-Session-Id: test\r\nContent-Type: application/json\r\nContent-Length: ${wait.length}\r\n\r\n${wait}`,
    get('/agents?limit=0'),
    'HEAD /agents HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'PATCH /agents HTTP/1.1\r\nHost: localhost\r\n\r\n',
    get('/agents'),
  ];
  const rounds = 20;
  const methods = round.map((request) => request.split(' ', 1)[0] as string);
  connection.send(round.join('').repeat(rounds), Array(rounds).fill(methods).flat());
  const answers = await firstAnswers(connection, round.length * rounds);
  t.strictSame(
    answers.map(({ status }) => status),
    Array(rounds).fill([201, 404, 200, 400, 200, 405, 200]).flat(),
  );
});
