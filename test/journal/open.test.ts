import { join } from 'node:path';
import { test } from 'tap';
import { openJournal } from '../../src/journal/open.ts';
import { notification } from './changes.ts';
import { CONTRACT_DEFAULTS } from './contract.ts';

test('a store is named by its URL', async (t) => {
  const options = { ...CONTRACT_DEFAULTS, onFatal: (error: Error) => t.fail(error.message) };
  for (const url of ['memory:', 'sqlite::memory:', `sqlite:${join(t.testdir(), 'log.db')}`]) {
    const journal = await openJournal(url, options);
    t.strictSame(await journal.append(notification()), { seq: 1 }, url);
    t.equal(
      (await journal.events({ after: 0, before: null, order: 'asc', limit: 9, kinds: [], agentId: null }))
        .events.length,
      1,
    );
    await journal.close();
  }
  await t.rejects(openJournal('postgres://127.0.0.1:1/none', options), /ECONNREFUSED/);
  await t.rejects(openJournal('postgresql://127.0.0.1:1/none', options), /ECONNREFUSED/);
  for (const url of ['mysql://host/db', 'sqlite:', '', 'log.db']) {
    await t.rejects(openJournal(url, options), new RegExp(`^the store '${url}' is none that is known`), url);
  }
});

test('a place where no log can be is a sentence', async (t) => {
  const options = { ...CONTRACT_DEFAULTS, onFatal: (error: Error) => t.fail(error.message) };
  const folder = t.testdir({ file: '' });
  await t.rejects(openJournal(`sqlite:${folder}`, options), {
    message: `that is a folder; name a file in it: sqlite:${join(folder, 'sallyport.db')}`,
  });
  const inFile = join(folder, 'file', 'data');
  await t.rejects(openJournal(`sqlite:${join(inFile, 'log.db')}`, options), {
    message: new RegExp(`^the folder '${inFile}' cannot be made \\(ENOTDIR: .*\\); name another place$`),
  });
});
