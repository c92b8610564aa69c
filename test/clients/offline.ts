/**
 * For the environment of a program: what leaves this machine is sent to a proxy that is not there, so nothing does. The
 * programs' own settings that turn such requests off come beside it.
 */
const NOWHERE = 'http://127.0.0.1:9';

export const OFFLINE: Record<string, string> = {
  HTTP_PROXY: NOWHERE,
  HTTPS_PROXY: NOWHERE,
  http_proxy: NOWHERE,
  https_proxy: NOWHERE,
  NO_PROXY: '127.0.0.1,localhost',
  no_proxy: '127.0.0.1,localhost',
};
