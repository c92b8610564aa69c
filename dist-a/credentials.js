import { stat } from 'node:fs/promises';
import { Authenticator } from './credentials/authenticator.js';
import { credentialPaths } from './credentials/paths.js';
import { isLoopback } from './model/loopback.js';
/**
 * The credentials that the settings name. Where there are none and others than this machine can reach the port, an
 * administrator's token is made, so that nobody is everybody by default.
 */
export async function openCredentials(config, log, clock) {
    await requireNamedFile(config.tokensFile);
    const authenticator = await Authenticator.open({
        paths: credentialPaths(config.store, config.tokensFile),
        tokens: config.tokens,
        jwt: jwtOptions(config),
        reportError: log.error.bind(log),
        onFirstCredential: () => log.info('credentials are needed from now on; streams and waits without one have ended'),
        clock,
    });
    if (!authenticator.isConfigured && !config.insecure && !isLoopback(config.host)) {
        await authenticator.makeAdminToken().catch((error) => {
            authenticator.close();
            throw error;
        });
    }
    // Not waited for: an issuer that is down keeps nobody with a token out.
    void authenticator
        .askIssuer()
        .catch(({ message }) => log.warn(`no JWT can be verified yet: ${message}`));
    return authenticator;
}
/** One that is missing would be open mode: a name that was mistyped must not be that. */
async function requireNamedFile(path) {
    if (path !== null && (await isMissing(path))) {
        throw new Error(`SALLYPORT_TOKENS_FILE '${path}' does not exist; make it with 'sallyport token create --name NAME --role admin --tokens-file ${path}', or leave the setting away`);
    }
}
/** One that is there and cannot be looked at is said when it is read. */
async function isMissing(path) {
    return stat(path).then(() => false, ({ code }) => code === 'ENOENT' || code === 'ENOTDIR');
}
export function accessOptions(config, authenticator) {
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
function jwtOptions({ jwtIssuer, jwtAudience, jwtJwks, jwtRoleClaim }) {
    return jwtIssuer === null || jwtAudience === null || jwtJwks === null
        ? null
        : { issuer: jwtIssuer, audience: jwtAudience, jwks: jwtJwks, roleClaim: jwtRoleClaim };
}
