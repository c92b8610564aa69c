/**
 * How long a function waits for the head row, or for anything else that is locked: less than those who called it, also
 * when it first waits for its place in the queue and then for the row.
 * The planner must not go by what it believes about the tables: a plan that was made while one was empty would read all
 * of it for each group, for as long as the connection lasts. Nor is there anything to plan anew for other values, which
 * would take a third of the time of a small group.
 */
const SETTINGS =
  "SET lock_timeout = '1400ms' SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off SET plan_cache_mode = force_generic_plan";

/** Milliseconds since 1970. */
export const NOW_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::float8';

/** What runs inside the database. A function that changes gets another name, as older nodes go on calling this one. */
export function functionsSql(schema: string): string {
  return [appendSql(schema), settleSql(schema), retainSql(schema), kindsOfSql(schema)].join('\n');
}

/** Groups of a writer that have been sent and not answered, at most: `MAX_GROUPS_IN_FLIGHT`, and a probe. */
const UNANSWERED = 3;

/** The columns of `append`'s arrays, in their order, with their types. */
export const APPEND_COLUMNS = [
  ['id', 'text'],
  ['kind', 'text'],
  ['agent_id', 'text'],
  ['at', 'bigint'],
  ['head', 'text'],
  ['payload', 'text'],
  ['entity', 'text'],
  ['expected', 'bigint'],
  ['state', 'text'],
  ['status', 'text'],
  ['created_at', 'bigint'],
  ['expires_at', 'bigint'],
  ['decided_session', 'text'],
  ['decided_principal', 'text'],
  ['key', 'text'],
  ['request', 'text'],
  ['round', 'integer'],
] as const;

/**
 * Writes a group: `{first, floor, conflicts}`, with a conflict as `{place, version, approval_id, request}`. Changes of a
 * round do not touch the same entity or key; each round sees what the one before has written.
 */
function appendSql(schema: string): string {
  const parameters = APPEND_COLUMNS.map(([name, type]) => `all_${name} ${type}[]`).join(', ');
  return `
  CREATE FUNCTION ${schema}.append(by_writer text, group_number bigint, ${parameters}) RETURNS jsonb
  LANGUAGE plpgsql ${SETTINGS} AS $append$
  #variable_conflict use_column
  DECLARE
    old ${schema}.log;
    new_seq bigint;
    latest bigint;
    regressed bigint;
    -- By place; null: not written in this round.
    seqs bigint[];
    created_seqs bigint[];
    written bigint;
    earliest_created bigint;
    latest_created bigint;
    opened bigint;
    moved bigint;
    closed text[];
    claimed bigint;
    outdated bigint[];
    lost jsonb;
    conflicts jsonb := '[]';
    answer jsonb;
  BEGIN
    IF current_setting('synchronous_commit') = 'off' THEN
      PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
    SELECT * INTO old FROM ${schema}.log FOR UPDATE;
    new_seq := old.seq;
    latest := old.latest_creation;
    regressed := old.clock_regressed_ms;
    FOR this_round IN 0 .. coalesce(all_round[cardinality(all_round)], 0) LOOP
      WITH given AS (
        SELECT * FROM unnest(all_entity, all_expected, all_status, all_created_at, all_key, all_round)
          WITH ORDINALITY AS given (entity, expected, status, created_at, key, round, place)
      ), checked AS (
        SELECT given.*, k.holder, coalesce(o.seq, 0) AS version, o.created_seq,
          round = this_round AND (entity IS NULL OR (k.holder IS NULL AND coalesce(o.seq, 0) = expected)) AS wins
        FROM given
        LEFT JOIN LATERAL (SELECT o.seq, o.created_seq FROM ${schema}.open o WHERE o.entity = given.entity OFFSET 0) o ON true
        LEFT JOIN LATERAL (SELECT k.approval_id AS holder FROM ${schema}.keys k WHERE k.key = given.key OFFSET 0) k ON true
      ), numbered AS (
        SELECT *, CASE WHEN wins THEN new_seq + count(*) FILTER (WHERE wins) OVER (ORDER BY place) END AS seq
        FROM checked
      )
      SELECT array_agg(seq ORDER BY place), array_agg(coalesce(created_seq, seq) ORDER BY place), count(seq),
        min(created_at) FILTER (WHERE wins AND expected = 0), max(created_at) FILTER (WHERE wins AND expected = 0),
        count(*) FILTER (WHERE wins AND expected = 0),
        count(*) FILTER (WHERE wins AND expected > 0 AND status IN ('open', 'pending')),
        array_agg(entity) FILTER (WHERE wins AND expected > 0 AND status NOT IN ('open', 'pending')),
        count(key) FILTER (WHERE wins),
        array_agg(version) FILTER (WHERE wins AND version BETWEEN 1 AND old.floor),
        jsonb_agg(jsonb_build_object('place', place - 1, 'version', version, 'approval_id', holder,
            'request', (SELECT k.request FROM ${schema}.keys k WHERE k.key = numbered.key)))
          FILTER (WHERE round = this_round AND NOT wins)
      FROM numbered
      INTO seqs, created_seqs, written, earliest_created, latest_created, opened, moved, closed, claimed, outdated, lost;

      INSERT INTO ${schema}.events (seq, id, kind, agent_id, at, entity, expected, status, created_seq, created_at,
        expires_at, approval_id, decided_session, decided_principal, head, payload, state)
      SELECT seq, id, kind, agent_id, at, entity, expected, status, CASE WHEN entity IS NOT NULL THEN created_seq END,
        created_at, expires_at, CASE WHEN status IN ('resolved', 'expired', 'cancelled') THEN substr(entity, 10) END,
        decided_session, decided_principal, head, payload, state
      FROM ${unnest('id', 'kind', 'agent_id', 'at', 'head', 'payload', 'entity', 'expected', 'state', 'status', 'created_at', 'expires_at', 'decided_session', 'decided_principal')} WHERE seq IS NOT NULL;
      IF opened > 0 THEN
        INSERT INTO ${schema}.open (entity, seq, created_seq, agent_id, created_at, expires_at)
        SELECT entity, seq, seq, agent_id, created_at, expires_at
        FROM ${unnest('entity', 'expected', 'agent_id', 'created_at', 'expires_at')} WHERE seq IS NOT NULL AND expected = 0;
      END IF;
      IF moved > 0 THEN
        UPDATE ${schema}.open o SET seq = given.seq FROM ${unnest('entity', 'expected', 'status')}
        WHERE o.entity = given.entity AND given.seq IS NOT NULL AND expected > 0 AND status IN ('open', 'pending');
      END IF;
      IF closed IS NOT NULL THEN
        DELETE FROM ${schema}.open WHERE entity = ANY (closed);
      END IF;
      IF claimed > 0 THEN
        INSERT INTO ${schema}.keys (key, request, approval_id)
        SELECT key, request, substr(entity, 10) FROM ${unnest('entity', 'key', 'request')}
        WHERE seq IS NOT NULL AND key IS NOT NULL;
      END IF;
      IF outdated IS NOT NULL THEN
        DELETE FROM ${schema}.events WHERE seq = ANY (outdated);
      END IF;
      new_seq := new_seq + written;
      latest := greatest(latest, latest_created);
      regressed := greatest(regressed, latest - earliest_created);
      conflicts := conflicts || coalesce(lost, '[]');
    END LOOP;
    UPDATE ${schema}.log SET seq = new_seq, latest_creation = latest, clock_regressed_ms = regressed;
    answer := jsonb_build_object('number', group_number, 'first', old.seq + 1, 'floor', old.floor,
      'conflicts', conflicts);
    INSERT INTO ${schema}.writers (writer, number, answers) VALUES (by_writer, group_number, jsonb_build_array(answer))
      ON CONFLICT (writer) DO UPDATE SET number = group_number, at = now(),
        answers = excluded.answers || jsonb_path_query_array(writers.answers, '$[0 to ${UNANSWERED - 2}]')
      WHERE writers.number < group_number;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'group % comes too late', group_number;
    END IF;
    IF new_seq > old.seq THEN
      PERFORM pg_notify('${schema}', by_writer || ' ' || new_seq);
    END IF;
    RETURN answer;
  END $append$;`;
}

/** The changes of the group, with nothing but these columns, their places and what has been found out about them. */
function unnest(...columns: readonly (typeof APPEND_COLUMNS)[number][0][]): string {
  const arrays = columns.map((name) => `all_${name}`).join(', ');
  return `unnest(${arrays}, seqs, created_seqs)
    WITH ORDINALITY AS given (${columns.join(', ')}, seq, created_seq, place)`;
}

/**
 * What became of the groups up to `group_number`: the last answers. Of those that are not among them nothing will ever be
 * written under their numbers. Also the epoch, and what there is at `passed`, so that a node knows whether this is the log that it knew.
 */
function settleSql(schema: string): string {
  return `
  CREATE FUNCTION ${schema}.settle(by_writer text, group_number bigint, passed bigint, fresh_epoch text) RETURNS jsonb
  LANGUAGE plpgsql ${SETTINGS} AS $settle$
  #variable_conflict use_column
  DECLARE
    old ${schema}.log;
    last_answers jsonb;
    server text := (SELECT system_identifier FROM pg_control_system())::text
      || ' ' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) || ' ' || '${schema}.events'::regclass::oid;
  BEGIN
    SELECT * INTO old FROM ${schema}.log FOR UPDATE;
    IF old.identity <> server THEN
      UPDATE ${schema}.log SET identity = server, epoch = fresh_epoch;
      old.epoch := fresh_epoch;
    END IF;
    INSERT INTO ${schema}.writers (writer, number) VALUES (by_writer, group_number)
      ON CONFLICT (writer) DO UPDATE SET number = greatest(writers.number, group_number), at = now()
      RETURNING answers INTO last_answers;
    DELETE FROM ${schema}.writers WHERE at < now() - interval '30 days' AND writer <> by_writer;
    RETURN jsonb_build_object('log', old.id, 'epoch', old.epoch, 'head', old.seq, 'answers', last_answers,
      'id', (SELECT id FROM ${schema}.events WHERE seq = passed));
  END $settle$;`;
}

/**
 * Moves the floor from `old_floor` to `new_floor`, unless another node has moved it, and forgets history that became
 * final before `cutoff` (null: not now): `{floor, more}`.
 */
function retainSql(schema: string): string {
  return `
  CREATE FUNCTION ${schema}.retain(old_floor bigint, new_floor bigint, cutoff bigint, rows integer) RETURNS jsonb
  LANGUAGE plpgsql ${SETTINGS} AS $retain$
  #variable_conflict use_column
  DECLARE
    old ${schema}.log;
    looked_at bigint[];
    kept bigint;
    more boolean := false;
  BEGIN
    SELECT * INTO old FROM ${schema}.log FOR UPDATE;
    IF old.floor = old_floor AND new_floor > old_floor THEN
      DELETE FROM ${schema}.events e WHERE seq > old_floor AND seq <= new_floor AND approval_id IS NULL
        AND NOT EXISTS (SELECT FROM ${schema}.open o WHERE o.entity = e.entity AND o.seq = e.seq);
      UPDATE ${schema}.log SET floor = new_floor;
      old.floor := new_floor;
      PERFORM pg_notify('${schema}', 'floor ' || new_floor);
    END IF;
    IF cutoff IS NOT NULL THEN
      looked_at := ARRAY(SELECT seq FROM ${schema}.events
        WHERE seq > old.approvals_floor AND seq <= old.floor ORDER BY seq LIMIT rows);
      kept := (SELECT min(seq) FROM ${schema}.events
        WHERE seq = ANY (looked_at) AND approval_id IS NOT NULL AND at >= cutoff);
      more := kept IS NULL AND cardinality(looked_at) = rows;
      WITH gone AS (
        DELETE FROM ${schema}.events WHERE seq = ANY (looked_at) AND approval_id IS NOT NULL
          AND (kept IS NULL OR seq < kept) RETURNING approval_id
      )
      DELETE FROM ${schema}.keys USING gone WHERE keys.approval_id = gone.approval_id;
      UPDATE ${schema}.log SET approvals_floor =
        coalesce(kept - 1, looked_at[cardinality(looked_at)], approvals_floor);
    END IF;
    RETURN jsonb_build_object('floor', old.floor, 'more', more);
  END $retain$;`;
}

/** Kinds, each once; of a family that ends in `.*` the kinds there are, one step in an index for each. */
function kindsOfSql(schema: string): string {
  return `
  CREATE FUNCTION ${schema}.kinds_of(wanted text[]) RETURNS SETOF text
  LANGUAGE plpgsql STABLE ROWS 10 ${SETTINGS} AS $kinds_of$
  BEGIN
    RETURN QUERY
      SELECT w FROM unnest(wanted) w WHERE w NOT LIKE '%.*'
      UNION
      -- A slash is what follows a dot in ASCII, so a family ends before it.
      SELECT member.kind FROM unnest(wanted) w
      CROSS JOIN LATERAL (
        WITH RECURSIVE members (kind) AS (
          SELECT (SELECT min(e.kind) FROM ${schema}.events e
            WHERE e.kind >= left(w, -1) AND e.kind < left(w, -2) || '/')
          UNION ALL
          SELECT (SELECT min(e.kind) FROM ${schema}.events e
            WHERE e.kind > members.kind AND e.kind < left(w, -2) || '/')
          FROM members WHERE members.kind IS NOT NULL
        )
        SELECT members.kind FROM members WHERE members.kind IS NOT NULL
      ) member
      WHERE w LIKE '%.*';
  END $kinds_of$;`;
}
