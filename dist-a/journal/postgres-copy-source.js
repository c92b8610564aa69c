import { BATCH_ROWS, COPIED } from './copy-tables.js';
import { CopySession } from './postgres-copy-session.js';
/** Opens a log in PostgreSQL, and keeps everybody else from writing it. Throws one sentence. */
export async function openPostgresSource(url) {
    const session = await CopySession.open(url);
    try {
        if ((await session.version()) === 0)
            throw new Error(`there is no log in schema '${session.schema}'`);
        await session.migrate();
        // Of one moment, however long it takes.
        await session.begin('ISOLATION LEVEL REPEATABLE READ');
        const [log] = await session.ask(logSql(session.schema));
        const { isServed, ...figures } = log;
        if (isServed) {
            throw new Error(`a service is connected to the log in schema '${session.schema}'; stop all its nodes first`);
        }
        const [rows] = await session.ask(countSql(session.schema));
        return new PostgresSource(session, figures, rows);
    }
    catch (error) {
        session.end();
        throw error;
    }
}
class PostgresSource {
    figures;
    rows;
    #session;
    constructor(session, figures, rows) {
        this.#session = session;
        this.figures = figures;
        this.rows = rows;
    }
    async *read(table) {
        const { schema } = this.#session;
        const columns = COPIED[table].map(([name]) => name);
        const order = table === 'events' ? 'ORDER BY seq' : '';
        await this.#session.ask(`DECLARE copied NO SCROLL CURSOR FOR SELECT ${columns.join(', ')} FROM ${schema}.${table} ${order}`);
        for (;;) {
            const rows = await this.#session.ask(`FETCH ${BATCH_ROWS} FROM copied`);
            if (rows.length === 0)
                break;
            yield rows.map((row) => columns.map((name) => row[name]));
        }
        await this.#session.ask('CLOSE copied');
    }
    close() {
        this.#session.end();
    }
}
/** A node's connections have asked something of its schema, or listen to it. */
function logSql(schema) {
    return `SELECT seq AS head, floor, approvals_floor AS "approvalsFloor", clock_regressed_ms AS "clockRegressedMs",
      EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'sallyport'
        AND query ~ '\\m${schema}\\M') AS "isServed"
    FROM ${schema}.log`;
}
function countSql(schema) {
    return `SELECT (SELECT count(*) FROM ${schema}.events) AS events, (SELECT count(*) FROM ${schema}.open) AS open,
    (SELECT count(*) FROM ${schema}.keys) AS keys`;
}
