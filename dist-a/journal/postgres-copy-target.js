import { COPIED, TABLES } from './copy-tables.js';
import { binaryArray } from './postgres-arrays.js';
import { CopySession } from './postgres-copy-session.js';
import { storable } from './postgres-encode.js';
/** Opens or makes a log in PostgreSQL, in which there must be nothing. Throws one sentence. */
export async function openPostgresTarget(url) {
    const session = await CopySession.open(url);
    try {
        await session.migrate();
        await session.begin();
        const [log] = await session.ask(`SELECT seq, EXISTS (SELECT FROM ${session.schema}.writers) AS "isServed" FROM ${session.schema}.log`);
        const { schema } = session;
        if (log?.seq !== 0)
            throw new Error(`there is something in the log in schema '${schema}' already`);
        if (log.isServed) {
            // A node that runs there would not expect its log to be another one.
            throw new Error(`a service has been started on the log in schema '${schema}' already; stop its nodes and drop the schema, or name another one with ?schema=NAME`);
        }
        return new PostgresTarget(session);
    }
    catch (error) {
        session.end();
        throw error;
    }
}
/** All in one transaction, so until it is committed there is nothing; a node cannot start meanwhile. */
class PostgresTarget {
    #session;
    #latestCreation = 0;
    constructor(session) {
        this.#session = session;
    }
    async write(table, rows) {
        if (table !== 'keys')
            this.#watchCreations(table, rows);
        const values = COPIED[table].map(([name, type], column) => binaryArray(type, rows.map((row) => storableValue(name, row[column]))));
        await this.#session.ask(insertSql(this.#session.schema, table), values);
    }
    async finish({ head, floor, approvalsFloor, clockRegressedMs }) {
        const { schema } = this.#session;
        const figures = [head, floor, approvalsFloor, clockRegressedMs, this.#latestCreation];
        // The node that connects first gives it an epoch, as it does where another server's log was restored.
        await this.#session.ask(`UPDATE ${schema}.log SET seq = $1, floor = $2, approvals_floor = $3, clock_regressed_ms = $4,
        latest_creation = $5, epoch = '', identity = ''`, figures);
        // What the planner believes of tables that were empty a moment ago would make the first pages slow.
        for (const table of TABLES)
            await this.#session.ask(`ANALYZE ${schema}.${table}`);
        await this.#session.commit();
    }
    close() {
        this.#session.end();
    }
    #watchCreations(table, rows) {
        const column = COPIED[table].findIndex(([name]) => name === 'created_at');
        for (const row of rows)
            this.#latestCreation = Math.max(this.#latestCreation, Number(row[column]));
    }
}
function storableValue(column, value) {
    return column === 'decided_principal' && value !== null ? storable(value) : value;
}
function insertSql(schema, table) {
    const columns = COPIED[table].map(([name]) => name).join(', ');
    const arrays = COPIED[table].map(([, type], index) => `$${index + 1}::${type}[]`).join(', ');
    return `INSERT INTO ${schema}.${table} (${columns}) SELECT * FROM unnest(${arrays})`;
}
