import tap, { test } from 'tap';
import { noPostgres } from '../postgres-server.ts';
import { journalContract } from './contract.ts';
import { freshPostgres, serverFor } from './postgres-contract.ts';

if (noPostgres) {
  test('the journal suite on PostgreSQL', { skip: noPostgres }, () => {});
} else {
  const server = await serverFor(tap);
  journalContract(
    'postgres',
    freshPostgres(() => server),
  );
}
