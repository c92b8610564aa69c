const MAX_STATEMENTS = 200;
/** Prepared statements by their text, so that queries put together for each call are prepared once. */
export class Statements {
    #db;
    #prepared = new Map();
    constructor(db) {
        this.#db = db;
    }
    /** Values that the text does not name are allowed, so that a query has one set of values for all its forms. */
    all(sql, values = {}) {
        return this.#prepare(sql).all(values);
    }
    iterate(sql, values = {}) {
        return this.#prepare(sql).iterate(values);
    }
    get(sql, values = {}) {
        return this.#prepare(sql).get(values);
    }
    /** Everything `read` reads is of the same moment. */
    snapshot(read) {
        this.#db.exec('BEGIN');
        try {
            return read();
        }
        finally {
            this.#db.exec('COMMIT');
        }
    }
    #prepare(sql) {
        let statement = this.#prepared.get(sql);
        if (statement === undefined) {
            if (this.#prepared.size === MAX_STATEMENTS)
                this.#prepared.clear();
            statement = this.#db.prepare(sql);
            statement.setAllowUnknownNamedParameters(true);
            this.#prepared.set(sql, statement);
        }
        return statement;
    }
}
