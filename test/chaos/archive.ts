import { Session } from '../../src/journal/postgres-session.ts';
import { targetOf } from '../../src/journal/postgres-target.ts';
import type { FloorMove, LogEvent } from './history.ts';

const ASK_MS = 20_000;
/** The schema of the nodes' log. */
const LOG = 'sallyport';

/**
 * Keeps every event that is written, whatever retention does later, and each move of the floor: by the database itself, so
 * that no node has a part in it.
 */
export class Archive {
  readonly #url: string;

  /** `url`: of the database, without any network between. The nodes' log has to be there, and empty. */
  static async begin(url: string): Promise<Archive> {
    const archive = new Archive(url);
    await archive.#ask(SETUP);
    return archive;
  }

  private constructor(url: string) {
    this.#url = url;
  }

  async log(): Promise<LogEvent[]> {
    const rows = await this.#ask<{ event: string }>('SELECT event FROM archive.events ORDER BY seq');
    return rows.map(({ event }) => JSON.parse(event));
  }

  floors(): Promise<FloorMove[]> {
    return this.#ask<FloorMove>('SELECT floor, at FROM archive.floors ORDER BY floor');
  }

  async #ask<Row extends object>(sql: string): Promise<Row[]> {
    const session = await Session.open(targetOf(this.#url));
    try {
      return await session.ask<Row>(sql, [], ASK_MS);
    } finally {
      session.end();
    }
  }
}

const SETUP = `
  CREATE SCHEMA archive;
  CREATE TABLE archive.events (seq bigint, event text);
  CREATE TABLE archive.floors (floor bigint, at float8);
  CREATE FUNCTION archive.keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO archive.events SELECT seq, '{"seq":' || seq || ',' || head || ',"payload":' || payload || '}' FROM added;
    RETURN NULL;
  END $$;
  CREATE TRIGGER keep AFTER INSERT ON ${LOG}.events REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION archive.keep();
  CREATE FUNCTION archive.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO archive.floors VALUES (NEW.floor, extract(epoch FROM clock_timestamp()) * 1000);
    RETURN NULL;
  END $$;
  CREATE TRIGGER note AFTER UPDATE ON ${LOG}.log FOR EACH ROW WHEN (NEW.floor > OLD.floor)
    EXECUTE FUNCTION archive.note()`;
