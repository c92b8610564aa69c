import { readFileSync } from 'node:fs';
import { test } from 'tap';
import { parseAllDocuments } from 'yaml';
import { needOf } from '../../src/http/route-permissions.ts';
import { SETTINGS } from '../../src/settings.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test looks into documents of every shape.
type Any = any;

/** How long a node may take to end. */
const STOP_S = 5;
const names: readonly string[] = SETTINGS.map(({ name }) => name);

test('compose.yaml starts three equal nodes that only the balancer makes reachable', async (t) => {
  const [compose] = read('compose.yaml');
  const { services } = compose;
  const nodes = Object.keys(services).filter((name) => name.startsWith('node-'));
  t.strictSame(nodes, ['node-1', 'node-2', 'node-3']);
  for (const name of nodes) {
    const { networks, ...node } = services[name];
    const { networks: _, ...first } = services['node-1'];
    t.strictSame(node, first, `${name} is as the first one`);
    t.ok(networks.host.ipv4_address);
    t.ok(Number.parseInt(node.stop_grace_period, 10) > STOP_S);
    t.strictSame(unknownSettings(Object.keys(node.environment)), []);
  }
  const ports = Object.values<Any>(services).flatMap((service) => service.ports ?? []);
  t.strictSame(ports, ['127.0.0.1:7420:7420']);
  const { balancer, postgres } = services;
  t.strictSame(Object.keys(balancer.depends_on), nodes, 'nginx starts when their names are known');
  t.equal(services['node-1'].environment.SALLYPORT_TRUSTED_PROXIES, balancer.networks.host.ipv4_address);
  t.ok(balancer.healthcheck && postgres.healthcheck, 'that of the nodes is in the image');
  t.notMatch(JSON.stringify(services), /password"?[:=]\s*"?[a-z0-9]+\b(?!_password)/i, 'no secret is in it');
  t.ok(
    Object.keys(compose.secrets).every((secret) =>
      compose.secrets[secret].file.startsWith('./deploy/secrets/'),
    ),
  );
  t.match(text('.gitignore'), '\ndeploy/secrets/\ndeploy/tokens/\n');
});

test('deploy/nginx.conf names the nodes that compose.yaml starts', async (t) => {
  const servers = [...text('deploy/nginx.conf').matchAll(/^ +server ([\w-]+):7420/gm)].map(
    ([, name]) => name,
  );
  t.strictSame(servers, ['node-1', 'node-2', 'node-3', 'node-1', 'node-2', 'node-3']);
});

test('deploy/kubernetes.yaml probes what there is and leaves a node the time to end', async (t) => {
  const [deployment, service, budget] = read('deploy/kubernetes.yaml');
  t.strictSame(
    [deployment, service, budget].map(({ kind }) => kind),
    ['Deployment', 'Service', 'PodDisruptionBudget'],
  );
  const { spec } = deployment.spec.template;
  const [container] = spec.containers;
  const settings = container.env.map(({ name }: Any) => name);
  t.strictSame(unknownSettings(settings), []);
  t.notOk(spec.enableServiceLinks);
  for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
    t.equal(needOf('GET', container[probe].httpGet.path), 'open', `${probe} needs no credential`);
  }
  const [, sleepS] = container.lifecycle.preStop.exec.command;
  t.ok(spec.terminationGracePeriodSeconds > Number(sleepS) + STOP_S);
  t.ok(spec.securityContext.runAsNonRoot);
  for (const each of [...spec.initContainers, container]) {
    t.match(each.securityContext, { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    t.equal(each.image, container.image);
  }
  const { matchLabels } = deployment.spec.selector;
  t.strictSame(deployment.spec.template.metadata.labels, matchLabels);
  t.strictSame(service.spec.selector, matchLabels);
  t.strictSame(budget.spec.selector.matchLabels, matchLabels);
  t.equal(service.spec.ports[0].targetPort, container.ports[0].name);
  t.ok(budget.spec.maxUnavailable < deployment.spec.replicas);
});

/** Those that there are not. */
function unknownSettings(used: readonly string[]): string[] {
  return used.filter((name) => !names.includes(name));
}

function read(path: string): Any[] {
  return parseAllDocuments(text(path), { merge: true }).map((document) => {
    if (!('errors' in document) || document.errors.length > 0) throw new Error(`${path} is not YAML`);
    return document.toJS();
  });
}

function text(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}
