import { type Static, Type } from '@sinclair/typebox';
import { RoleWord } from './role.ts';
import { Nullable, Words } from './schema.ts';
import { Principal } from './session.ts';

/** Who a request comes from, as a page needs it to show what its reader may do. */
export const Me = Type.Object(
  {
    principal: Principal,
    role: RoleWord,
    permissions: Type.Array(Type.String(), { description: 'What the role may do: see docs/security.md.' }),
    credential: Nullable(
      Words(['token', 'jwt', 'cookie'], {
        description: 'By what the request proved who it is from; null: none is needed here.',
      }),
    ),
  },
  {
    title: 'Me',
    additionalProperties: false,
    examples: [{ principal: 'token:ann', role: 'viewer', permissions: ['read'], credential: 'cookie' }],
  },
);
export type Me = Static<typeof Me>;
