import pg from 'pg';
/** A connection that is not there after this is none. */
export const CONNECT_MS = 1500;
/**
 * Reads `postgres://user:password@host:port/database?schema=name`; everything but `schema` is as `libpq` has it. One
 * database may hold several logs, each in a schema of its own. Throws one sentence.
 */
export function targetOf(url) {
    if (!URL.canParse(url))
        throw new Error("it must be a URL like 'postgres://user@host:5432/database'");
    const parsed = new URL(url);
    const schema = parsed.searchParams.get('schema') ?? 'sallyport';
    if (!/^[a-z_][a-z0-9_]{0,50}$/.test(schema)) {
        throw new Error(`the schema must be a name of small letters, digits and '_', not '${schema}'`);
    }
    parsed.searchParams.delete('schema');
    const config = {
        connectionString: parsed.href,
        application_name: 'sallyport',
        connectionTimeoutMillis: CONNECT_MS,
        keepAlive: true,
        types: { getTypeParser },
    };
    return { config, schema };
}
const INT8 = 20;
/** A `bigint` is a number here: `seq` and times stay far below 2^53. */
const getTypeParser = ((oid, format) => oid === INT8 ? Number : pg.types.getTypeParser(oid, format));
