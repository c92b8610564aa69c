import { MemoryJournal } from '../../src/journal/memory.ts';
import { CONTRACT_DEFAULTS, journalContract } from './contract.ts';

journalContract('memory', async (t, options) => {
  const journal = new MemoryJournal({
    ...CONTRACT_DEFAULTS,
    ...options,
    onFatal: (error) => t.fail(error.message),
  });
  t.teardown(() => journal.close());
  return { journal };
});
