/** Takes requests from now on. Throws a sentence that says what to do if it cannot listen there. */
export async function listen(app, { host, port }) {
    const { level } = app.log;
    // Fastify would say of each address that it listens there; the process says it once, with more.
    app.log.level = 'silent';
    try {
        await app.listen({ host, port });
    }
    catch (error) {
        const { code, message } = error;
        const advice = ADVICE[String(code)] ?? '';
        throw new Error(`cannot listen on SALLYPORT_HOST ${host}, SALLYPORT_PORT ${port}: ${message}${advice}`);
    }
    finally {
        app.log.level = level;
    }
}
const OTHER_HOST = 'set SALLYPORT_HOST to an address of this machine, or to 0.0.0.0 for all it has';
const NO_NAME = `; the name has no address: ${OTHER_HOST}`;
/** By what the system says (errno(3), getaddrinfo(3)). */
const ADVICE = {
    EADDRINUSE: '; something listens there already: stop it, or choose another port with SALLYPORT_PORT',
    EADDRNOTAVAIL: `; this machine has no such address: ${OTHER_HOST}`,
    ENOTFOUND: NO_NAME,
    EAI_AGAIN: NO_NAME,
    EACCES: '; this user may not have that port: choose one above 1023 with SALLYPORT_PORT',
};
