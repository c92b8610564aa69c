import { test } from 'tap';
import { newToken } from '../../src/credentials/token.ts';
import type { Answer } from '../client.ts';
import { isProblem } from '../http/problems.ts';
import { exchange, request } from '../http/raw.ts';
import { bearer, startGuarded } from './guarded.ts';

const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl';

test('no credential is in any log line, answer, figure or event', async (t) => {
  const service = await startGuarded(t, { maxRefusedPerAddress: 1000 });
  const { client, create, credentials, file, logged, tokens, url } = service;
  const nobody = client.as(null);
  const wrong = tokens.admin.slice(0, -1) + (tokens.admin.endsWith('0') ? '1' : '0');
  const revoked = await create('revoked', 'admin');
  await file.revoke('revoked');
  await credentials.check();
  const signedIn = await nobody.post('/login', { token: tokens.operator });
  const Cookie = String(signedIn.headers['set-cookie']).split(';', 1)[0] as string;
  const basic = Buffer.from(`ann:${tokens.admin}`).toString('base64');
  const stranger = newToken();
  const unknownCookie = 'Q'.repeat(43);
  const secrets = [
    ...[...Object.values(tokens), wrong, revoked, stranger, JWT, basic, unknownCookie],
    Cookie.split('=')[1] as string,
  ];
  const { body } = await client.post('/approvals', { action: 'a', system_level: true });
  const told: Pick<Answer, 'text'>[] = [];
  const ask = async (answer: Promise<Answer>) => void told.push(await answer);
  for (const secret of secrets) {
    const encoded = secret.replace('_', '%5F');
    for (const path of [
      `/agents?access_token=${secret}`,
      `/agents?token=${secret}`,
      `/events/stream?session_id=a&access_token=${secret}`,
      `/nothing?token=${secret}`,
      `/login?token=${secret}`,
      `/?access_token=${secret}`,
    ]) {
      await ask(nobody.get(path));
      await ask(client.get(path));
    }
    if (secret.startsWith('spt_') || secret === JWT) {
      await ask(client.get(`/${secret}`));
      await ask(client.get(`/nothing/${encoded}?a=${secret}`));
      await ask(nobody.post(`/login?${secret}`, { token: tokens.viewer }));
      await ask(client.get(`/agents/${secret}`));
      await ask(client.get(`/tokens/${secret}`));
      await ask(client.get(`/agents?limit=${secret}x`));
      await ask(client.post('/events', { [secret]: 1 }));
      await ask(client.post('/approvals', { action: 'a', approve_label: secret }));
      await ask(
        client.post('/approvals', { action: 'a', details: { [secret]: JSON.parse('{"__proto__":1}') } }),
      );
      await ask(client.post(`/approvals/${body.id}/resolve`, { resolution: secret }));
      await ask(client.delete(`/agents/${secret}`, { body: { [secret]: 1 } }));
    }
    await ask(nobody.get('/agents', { headers: { Authorization: `Bearer ${secret}` } }));
    await ask(nobody.get('/agents', { headers: { Authorization: `Basic ${secret}` } }));
    await ask(nobody.get('/agents', { headers: { Authorization: secret } }));
    await ask(nobody.get('/agents', { headers: { Cookie: `sallyport=${secret}` } }));
    await ask(nobody.post('/login', { token: secret }));
    await ask(nobody.post('/login', secret));
    await ask(nobody.post('/login', `{"token":"${secret}`));
    await ask(nobody.post('/login', { token: [secret] }));
    await ask(nobody.post('/login', { token: `${secret}${'x'.repeat(200)}` }));
    await ask(exchange(t, url, request('GET /agents', [`Authorization: Bearer ${secret}`, 'Bad Header: x'])));
    await ask(client.post('/events', {}, { headers: bearer(secret) }));
  }
  await ask(nobody.post('/logout', undefined, { headers: { Cookie, Origin: url } }));
  await ask(client.get('/events'));
  await ask(client.get('/metrics'));
  await ask(client.get('/sessions'));
  t.ok(logged.length > 100, 'it was logged at debug level');
  t.ok(
    logged.some(({ url: path }) => path === '/agents?access_token=...'),
    'where a credential was there is a mark',
  );
  const all = JSON.stringify(logged) + told.map(({ text }) => text).join('\n');
  for (const secret of secrets) {
    const form = secret.replace('_', '(_|%5F)').replaceAll('.', '\\.');
    t.notMatch(all, new RegExp(form), 'it is nowhere');
  }
});

test('a credential in a query is refused, and not looked at', async (t) => {
  const { as, client, tokens } = await startGuarded(t);
  for (const query of [
    `access_token=${tokens.admin}`,
    `token=${JWT}`,
    `a=${tokens.admin}`,
    tokens.admin,
    'token=',
  ]) {
    for (const one of [client.as(null), as('viewer')]) {
      const answer = await one.get(`/agents?limit=1&${query}`);
      isProblem(t, answer, 400, 'validation-failed', ['query']);
      t.match(answer.body.detail, 'send it in the header Authorization');
    }
  }
});
