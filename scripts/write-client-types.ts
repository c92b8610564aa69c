import { writeFileSync } from 'node:fs';
import { clientTypes, TYPES } from './client-types.ts';

/** `npm run client-types`: writes `src/client/api.ts`. */

writeFileSync(TYPES, await clientTypes());
