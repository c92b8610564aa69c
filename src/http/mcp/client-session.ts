import { createHash, randomBytes } from 'node:crypto';
import { Cursors } from '../cursor.ts';
import { ProblemError } from '../problems.ts';

/** A client of the Model Context Protocol, by what it said of itself when it began. */
export interface ClientSession {
  /** The id that it sends with each request; null: none. */
  readonly id: string | null;
  readonly name: string;
  readonly version: string;
}

/** One that has begun with no `initialize`, or has not kept its session. */
export const UNNAMED: ClientSession = { id: null, name: 'client', version: '' };

const LIST = 'mcp';
const TEXT_MAX = 100;

type Sealed = readonly [nonce: string, principal: string, name: string, version: string];

/**
 * The ids of sessions. An id says all there is to know of its session, sealed, so that every node knows those of every
 * other one, also after a restart, and nothing has to be kept. It allows nothing: who asks is what the credential proves.
 */
export class ClientSessions {
  readonly #seals: Cursors;

  /** `logId`: the same on every node. */
  constructor(logId: string) {
    this.#seals = new Cursors(logId);
  }

  /** An id for the client that begins, and says this of itself. */
  begin(principal: string | null, { name, version }: { name: string; version: string }): string {
    const nonce = randomBytes(12).toString('base64url');
    const sealed: Sealed = [nonce, digest(principal), shortened(name), shortened(version)];
    return this.#seals.make(LIST, sealed);
  }

  /** The session of this id. Throws a 404: there is none, or it is another principal's. */
  find(id: string | string[] | undefined, principal: string | null): ClientSession {
    if (id === undefined) {
      return UNNAMED;
    }
    const { of, ...session } = this.#open(String(id));
    if (of !== digest(principal)) {
      throw unknown();
    }
    return session;
  }

  #open(id: string) {
    try {
      const [, of, name, version] = this.#seals.read<Sealed>(LIST, id) as Sealed;
      return { of, id, name: name === '' ? UNNAMED.name : name, version };
    } catch {
      throw unknown();
    }
  }
}

function unknown(): ProblemError {
  return new ProblemError('mcp-session-not-found', 'unknown Mcp-Session-Id; begin again with `initialize`');
}

/** A short name for a principal, for where it only has to be another one than others'. */
export function digest(principal: string | null): string {
  return createHash('sha256').update(JSON.stringify(principal)).digest('hex').slice(0, 12);
}

function shortened(text: string): string {
  return [...text].slice(0, TEXT_MAX).join('');
}
