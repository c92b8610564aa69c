import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

const MAX_STATEMENTS = 200;

/** Prepared statements by their text, so that queries put together for each call are prepared once. */
export class Statements {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Values that the text does not name are allowed, so that a query has one set of values for all its forms. */
  all<Row>(sql: string, values: Record<string, SQLInputValue> = {}): Row[] {
    return this.#prepare(sql).all(values) as unknown as Row[];
  }

  iterate<Row>(sql: string, values: Record<string, SQLInputValue> = {}): Iterable<Row> {
    return this.#prepare(sql).iterate(values) as unknown as Iterable<Row>;
  }

  get<Row>(sql: string, values: Record<string, SQLInputValue> = {}): Row | undefined {
    return this.#prepare(sql).get(values) as Row | undefined;
  }

  /** Everything `read` reads is of the same moment. */
  snapshot<T>(read: () => T): T {
    this.#db.exec('BEGIN');
    try {
      return read();
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) {
      if (this.#prepared.size === MAX_STATEMENTS) this.#prepared.clear();
      statement = this.#db.prepare(sql);
      statement.setAllowUnknownNamedParameters(true);
      this.#prepared.set(sql, statement);
    }
    return statement;
  }
}
