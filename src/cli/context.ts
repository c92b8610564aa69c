import { Sallyport } from '../client/index.ts';
import type { ClientSettings } from './client-settings.ts';
import type { Screen } from './screen.ts';

/** What the client's commands have in common. */
export interface Context {
  readonly screen: Screen;
  /** Reads the environment when it is needed first. Throws a CommandFailed. */
  readonly settings: () => ClientSettings;
  /** Standard input is a terminal: a person can be asked. */
  readonly canAsk: boolean;
  /** Where settings of other programs are. */
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface JsonOption {
  readonly json?: true;
}

export function clientOf({ settings }: Context): Sallyport {
  const { url, token, session } = settings();
  return new Sallyport({ url, token, session });
}
