/** Two days of work of a few agents, told to a service by its API, for pictures. It is the same each time. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SPAN_MS = 50 * HOUR_MS;
const ASKED = 190;

interface Clock {
  /** From now on it is `at`, in milliseconds since 1970. */
  set(at: number): void;
}

type Call = (method: string, path: string, session: string, body?: object) => Promise<{ id: string }>;

const AGENTS = [
  agent(
    'release-captain',
    'Release captain',
    '✈',
    '#7c3aed',
    'running',
    'Rolling out 1.4.2 to production',
    'web-shop',
  ),
  agent(
    'db-migrator',
    'Database migrator',
    '⚙',
    '#0f766e',
    'waiting_for_approval',
    'Migration 0042: drop unused columns',
    'web-shop',
  ),
  agent(
    'code-reviewer',
    'Code reviewer',
    '⚖',
    '#1d4ed8',
    'running',
    'Reviewing pull request 318',
    'payments',
  ),
  agent('support-triage', 'Support triage', '☎', '#b45309', 'idle', null, 'helpdesk'),
  agent(
    'dependency-bot',
    'Dependency bot',
    '♻',
    '#be123c',
    'waiting_for_approval',
    'Updating the TLS library',
    'payments',
  ),
  agent('night-watch', 'Night watch', '⚡', '#475569', 'completed', null, 'infrastructure'),
];

function agent(
  id: string,
  name: string,
  icon: string,
  accent: string,
  status: string,
  task: string | null,
  project: string,
) {
  const registration = { id, name, kind: 'external', project, display: { label: name, icon, accent } };
  return { registration: { ...registration, capabilities: ['shell', 'git'] }, status, task };
}

/** Action, agent, and what people say when they approve or deny it. */
const WORK = [
  ['Run the integration tests', 'code-reviewer', null, 'They run every night anyway'],
  ['Deploy to staging', 'release-captain', 'Go ahead', 'Not during the demo'],
  ['Restart the search workers', 'night-watch', null, 'Ask the team that owns them first'],
  ['Merge pull request 311', 'code-reviewer', 'Read it, looks right', 'The lock file is not committed'],
  ['Refund order 48121', 'support-triage', 'Within the limit', 'Over the limit, ask finance'],
  ['Upgrade fastify to 5.12', 'dependency-bot', null, 'Wait for the patch release'],
  ['Rotate the API key of the mail service', 'night-watch', 'Done it by hand before, fine', null],
  ['Send the newsletter to 12,400 people', 'support-triage', null, 'The subject line has a typo'],
] as const;

const PEOPLE = ['ann', 'jonas', 'priya'];

const MIGRATION = `--- a/db/schema.sql
+++ b/db/schema.sql
@@ -14,7 +14,6 @@ create table orders (
   placed_at timestamptz not null,
   total_cents bigint not null,
-  legacy_total numeric,
   currency char(3) not null
 );`;

const PENDING = [
  {
    agoMs: 11 * MINUTE_MS,
    body: {
      agent_id: 'db-migrator',
      action: 'Drop the column orders.legacy_total in production',
      details: { diff: MIGRATION, rows: 1_848_213, backup: 'orders-2026-11-25.dump' },
      expires_in_ms: 30 * MINUTE_MS,
    },
  },
  {
    agoMs: 3.2 * MINUTE_MS,
    body: {
      agent_id: 'release-captain',
      action: 'Deploy web-shop 1.4.2 to production',
      details: {
        command: './deploy.sh --service web-shop --version 1.4.2 --canary 10%',
        checks: { tests: 'passed', staging: 'healthy for 2 h', error_rate: 0.02 },
      },
      options: ['deploy', 'wait for Monday', 'deny'],
      approve_label: 'deploy',
    },
  },
  {
    agoMs: 0.7 * MINUTE_MS,
    body: {
      agent_id: 'dependency-bot',
      action: 'Delete 14 merged branches',
      details: { command: 'git push origin --delete $(cat merged-branches.txt)', repository: 'payments' },
      expires_in_ms: 4 * MINUTE_MS,
    },
  },
];

/** Tells all of it, and leaves the clock at `end`. */
export async function tellDays(call: Call, clock: Clock, end: number): Promise<void> {
  const begin = end - SPAN_MS;
  clock.set(begin);
  for (const { registration } of AGENTS) {
    await call('POST', '/agents', `${registration.id}-1`, registration);
  }
  const doings = [...pastDoings(call, begin, end), ...lastDoings(call, end)];
  for (const { at, run } of doings.sort((a, b) => a.at - b.at)) {
    clock.set(at);
    await run();
  }
  clock.set(end);
}

interface Doing {
  readonly at: number;
  run(): Promise<unknown>;
}

function pastDoings(call: Call, begin: number, end: number): Doing[] {
  const random = numbers(7);
  const doings: Doing[] = [];
  for (let index = 0; index < ASKED; index++) {
    const [action, agentId, yes, no] = WORK[
      (5 * index + Math.floor(random() * 3)) % WORK.length
    ] as (typeof WORK)[number];
    const at = begin + (SPAN_MS - 30 * MINUTE_MS) * ((index + random() / 2) / ASKED);
    const decidedAt = Math.min(at + 8000 * Math.exp(random() ** 1.4 * 6.4), end - MINUTE_MS - index);
    const isYes = random() < 0.72;
    const who = PEOPLE[Math.floor(random() * PEOPLE.length)] as string;
    const willExpire = random() < 0.07;
    const asked: { id?: string } = {};
    const body = { agent_id: agentId, action, system_level: true, details: { attempt: 1 + (index % 3) } };
    doings.push({
      at,
      run: async () => {
        const expires = willExpire ? { expires_in_ms: Math.ceil(decidedAt - at) } : {};
        asked.id = (await call('POST', '/approvals', `${agentId}-1`, { ...body, ...expires })).id;
      },
    });
    // One that has expired is refused, and noted as that.
    const resolution = isYes ? 'approve' : 'deny';
    const comment = (random() < 0.6 ? (isYes ? yes : no) : null) ?? null;
    doings.push({
      at: decidedAt + (willExpire ? 20 : 0),
      run: () =>
        index % 29 === 11
          ? call('POST', `/approvals/${asked.id}/cancel`, `${agentId}-1`, { comment: 'no longer needed' })
          : call('POST', `/approvals/${asked.id}/resolve`, who, { resolution, comment }),
    });
  }
  return doings;
}

function lastDoings(call: Call, end: number): Doing[] {
  const reports = AGENTS.map(({ registration, status, task }, index) => ({
    at: end - (40 - 6 * index) * MINUTE_MS,
    run: () =>
      call('PUT', `/agents/${registration.id}/status`, `${registration.id}-1`, {
        status,
        current_task: task,
      }),
  }));
  const questions = PENDING.map(({ agoMs, body }) => ({
    at: end - agoMs,
    run: () => call('POST', '/approvals', `${body.agent_id}-1`, { ...body, system_level: true }),
  }));
  return [...reports, ...questions];
}

/** Between 0 and 1, the same ones each time (Lehmer's generator). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
