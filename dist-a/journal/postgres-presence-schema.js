/**
 * Who holds a stream on which node. Nothing of it needs to outlast a crash, so it is not in the write-ahead log. A
 * principal that is null is '' here. `beat` is by the database's clock.
 */
export function presenceSql(schema) {
    return `
  CREATE UNLOGGED TABLE ${schema}.nodes (
    node text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    version bigint NOT NULL,
    beat timestamptz NOT NULL
  ) WITH (fillfactor = 10);

  CREATE UNLOGGED TABLE ${schema}.sessions (
    session_id text COLLATE "C",
    principal text COLLATE "C",
    node text COLLATE "C",
    since bigint NOT NULL,
    streams integer NOT NULL,
    PRIMARY KEY (session_id, principal, node)
  ) WITH (fillfactor = 50);
  CREATE INDEX sessions_node ON ${schema}.sessions (node);

  -- A node lives, and has these sessions now: with no stream, they are gone. False: nothing is known of the node, and
  -- nothing was written. With names that it had before these are all its sessions, and those names end.
  CREATE FUNCTION ${schema}.attend(by_node text, by_name text, formers text[], session_ids text[], principals text[],
    sinces bigint[], stream_counts integer[]) RETURNS boolean
  LANGUAGE plpgsql SET lock_timeout = '1s' AS $attend$
  #variable_conflict use_column
  DECLARE
    was_there boolean;
  BEGIN
    IF formers IS NULL THEN
      UPDATE ${schema}.nodes SET beat = clock_timestamp(),
        version = version + CASE WHEN cardinality(session_ids) > 0 THEN 1 ELSE 0 END WHERE node = by_node;
      IF NOT FOUND THEN RETURN false; END IF;
      was_there := true;
    ELSE
      DELETE FROM ${schema}.nodes WHERE node = ANY (formers);
      was_there := FOUND;
      DELETE FROM ${schema}.nodes WHERE beat < clock_timestamp() - interval '1 minute';
      DELETE FROM ${schema}.sessions WHERE node NOT IN (SELECT n.node FROM ${schema}.nodes n);
      INSERT INTO ${schema}.nodes (node, name, version, beat) VALUES (by_node, by_name, 1, clock_timestamp());
    END IF;
    DELETE FROM ${schema}.sessions s USING unnest(session_ids, principals, stream_counts) g (session_id, principal, streams)
      WHERE s.session_id = g.session_id AND s.principal = g.principal AND s.node = by_node AND g.streams = 0;
    INSERT INTO ${schema}.sessions (session_id, principal, node, since, streams)
      SELECT g.session_id, g.principal, by_node, g.since, g.streams
      FROM unnest(session_ids, principals, sinces, stream_counts) g (session_id, principal, since, streams)
      WHERE g.streams > 0
      ON CONFLICT (session_id, principal, node) DO UPDATE SET since = excluded.since, streams = excluded.streams;
    RETURN was_there;
  END $attend$;`;
}
