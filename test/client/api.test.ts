import { readFileSync } from 'node:fs';
import { test } from 'tap';
import { clientTypes, TYPES } from '../../scripts/client-types.ts';

test('the types of the client are those of openapi.yaml', async (t) => {
  t.equal(readFileSync(TYPES, 'utf8'), await clientTypes(), 'run npm run client-types');
});
