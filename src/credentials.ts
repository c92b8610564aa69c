import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { Authenticator } from './credentials/authenticator.ts';
import type { JwtOptions } from './credentials/jwt.ts';
import { credentialPaths } from './credentials/paths.ts';
import type { AccessOptions } from './http/access.ts';
import { isLoopback } from './model/loopback.ts';

/**
 * The credentials that the settings name. Where there are none and others than this machine can reach the port, an
 * administrator's token is made, so that nobody is everybody by default.
 */
export async function openCredentials(
  config: Config,
  log: Logger,
  clock: () => number,
): Promise<Authenticator> {
  const authenticator = await Authenticator.open({
    paths: credentialPaths(config.store, config.tokensFile),
    tokens: config.tokens,
    jwt: jwtOptions(config),
    reportError: log.error.bind(log),
    clock,
  });
  if (!authenticator.isConfigured && !config.insecure && !isLoopback(config.host)) {
    await authenticator.makeAdminToken().catch((error) => {
      authenticator.close();
      throw error;
    });
  }
  return authenticator;
}

export function accessOptions(config: Config, authenticator: Authenticator): AccessOptions {
  const { maxRequestsPerPrincipal, maxRequestsPerAddress, maxRefusedPerAddress } = config;
  return {
    authenticator,
    isInsecure: config.insecure,
    publicOrigin: config.publicUrl === null ? null : new URL(config.publicUrl).origin,
    allowedHosts: config.allowedHosts,
    corsOrigins: config.corsOrigins,
    limits: { maxRequestsPerPrincipal, maxRequestsPerAddress, maxRefusedPerAddress },
  };
}

function jwtOptions({ jwtIssuer, jwtAudience, jwtJwks, jwtRoleClaim }: Config): JwtOptions | null {
  return jwtIssuer === null || jwtAudience === null || jwtJwks === null
    ? null
    : { issuer: jwtIssuer, audience: jwtAudience, jwks: jwtJwks, roleClaim: jwtRoleClaim };
}
