import { NAME_FORM, NAME_PATTERN } from '../model/session.ts';
import { CommandFailed } from './exit.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Whom the client's commands talk to, and as whom. */
export interface ClientSettings {
  readonly url: string;
  readonly token: string | null;
  readonly session: string;
  /** The agent that asks, if it is known. */
  readonly agent: string | undefined;
}

export interface Machine {
  /** Throws for a user that the system has no name of. */
  readonly userName: () => string;
  readonly hostName: () => string;
}

const DEFAULT_URL = 'http://127.0.0.1:7420';

/**
 * Reads `SALLYPORT_URL`, `SALLYPORT_TOKEN`, `SALLYPORT_SESSION` and `SALLYPORT_AGENT`; an empty one counts as unset.
 * The machine gives the session its name when there is none. No value is repeated: it may be a secret in the wrong
 * place. A token is never a word of a command, where every user of the machine could see it.
 */
export function readClientSettings(environment: Environment, machine: Machine): ClientSettings {
  const { SALLYPORT_URL, SALLYPORT_TOKEN, SALLYPORT_SESSION, SALLYPORT_AGENT } = environment;
  return {
    url: readUrl(SALLYPORT_URL || DEFAULT_URL),
    token: readToken(SALLYPORT_TOKEN || null),
    session: readName('SALLYPORT_SESSION', SALLYPORT_SESSION) ?? defaultSession(machine),
    agent: readName('SALLYPORT_AGENT', SALLYPORT_AGENT),
  };
}

function readUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new CommandFailed(
      `SALLYPORT_URL must be an http or https URL without a query, such as ${DEFAULT_URL}`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new CommandFailed(
      'SALLYPORT_URL must not hold a password: a credential belongs into SALLYPORT_TOKEN',
    );
  }
  return url.href.replace(/\/+$/, '');
}

/** It becomes a header, which takes visible ASCII. */
function readToken(text: string | null): string | null {
  const token = text?.trim() || null;
  if (token !== null && !/^[\x21-\x7e]+$/.test(token)) {
    throw new CommandFailed('SALLYPORT_TOKEN must be one token, without spaces and line breaks in it');
  }
  return token;
}

function readName(variable: string, text: string | undefined): string | undefined {
  if (text && !new RegExp(NAME_PATTERN).test(text)) {
    throw new CommandFailed(`${variable} must be ${NAME_FORM}`);
  }
  return text || undefined;
}

/** The same each time for a user of a machine, so that they can cancel what they asked for. */
function defaultSession({ userName, hostName }: Machine): string {
  return `cli-${nameOf(userName)}.${hostName()}`.replaceAll(/[^A-Za-z0-9._:-]/g, '-').slice(0, 128);
}

/** In a container, a user may have a number and no name. */
function nameOf(userName: () => string): string {
  try {
    return userName();
  } catch {
    return 'user';
  }
}
