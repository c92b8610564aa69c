import { test } from 'tap';
import { credentialPaths } from '../../src/credentials/paths.ts';

test('credentials are in the folder of the log', async (t) => {
  t.strictSame(credentialPaths('sqlite:/var/lib/sallyport/sallyport.db', null), {
    tokens: '/var/lib/sallyport/tokens.json',
    logins: '/var/lib/sallyport/logins.json',
    adminToken: '/var/lib/sallyport/admin-token',
  });
  t.equal(credentialPaths('sqlite:sallyport.db', null)?.tokens, 'tokens.json');
});

test('the tokens may be elsewhere, for example where nothing can be written', async (t) => {
  t.strictSame(credentialPaths('sqlite:./data/sallyport.db', '/etc/sallyport/tokens'), {
    tokens: '/etc/sallyport/tokens',
    logins: 'data/logins.json',
    adminToken: 'data/admin-token',
  });
});

test('without a folder of the log it is that of the tokens, if there is one', async (t) => {
  for (const store of ['memory:', 'sqlite::memory:', 'postgres://db/sallyport']) {
    t.equal(credentialPaths(store, null), null);
    t.strictSame(credentialPaths(store, '/etc/sallyport/tokens'), {
      tokens: '/etc/sallyport/tokens',
      logins: '/etc/sallyport/logins.json',
      adminToken: '/etc/sallyport/admin-token',
    });
  }
});
