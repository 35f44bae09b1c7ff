import { describe, expect, test } from 'vitest';
import { leastReplicas } from '#rule/replicas';
import { rules } from '../../src/rule/registry.ts';
import { type AnyResource, Workspace } from '#model/workspace.ts';
import type { Workload } from '#model/resource.ts';
import { selectorOf } from '#model/selector.ts';
import { run } from '#engine/run.ts';
import { findTargets } from '#engine/target.ts';
import { readInputs } from '#inputs/index.ts';
import { podTemplates } from '#model/pod-templates.ts';
import { parseAll } from '#syntax/parse.ts';
import { lintTexts, today, withDefaults } from '../lint-texts.ts';

const versions: Readonly<Record<string, string>> = {
  HorizontalPodAutoscaler: 'autoscaling/v2',
  ScaledObject: 'keda.sh/v1alpha1',
};
const object = (
  kind: string,
  name: string,
  namespace: string,
  rest: Record<string, unknown> = {},
  apiVersion = versions[kind] ?? 'v1',
) =>
  `${JSON.stringify({ apiVersion, kind, metadata: { name, ...(namespace === '' ? {} : { namespace }) }, ...rest })}\n`;
const workload = (name: string, namespace = 'shop', labels: Record<string, string> = { app: name }) =>
  object(
    'Deployment',
    name,
    namespace,
    {
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { serviceAccountName: name, containers: [{ name: 'app', image: 'app:1' }] },
        },
      },
    },
    'apps/v1',
  );
const budget = (name: string, namespace: string, selector: unknown) =>
  object('PodDisruptionBudget', name, namespace, { spec: { selector } }, 'policy/v1');

const load = async (...texts: string[]): Promise<Workspace> =>
  (await lintTexts(Object.fromEntries(texts.map((text, i) => [`${i}.json`, text])), [])).workspace;
const get = (workspace: Workspace, kind: string, name: string): AnyResource => {
  const found = workspace.all(kind).find((one) => one.name === name);
  if (!found) throw new Error(`${kind}/${name} is missing`);
  return found;
};
const names = (found: readonly { name: string }[]) => found.map(({ name }) => name).sort();

describe('lookups', () => {
  test('budgets, policies and services by their selectors', async () => {
    const workspace = await load(
      workload('web'),
      budget('hit', 'shop', { matchLabels: { app: 'web' } }),
      budget('other', 'shop', { matchLabels: { app: 'x' } }),
      budget('elsewhere', 'blog', { matchLabels: { app: 'web' } }),
      budget('all', 'shop', {}),
      budget('none', 'shop', undefined),
      budget('expression', 'shop', { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] }),
      object('NetworkPolicy', 'all', 'shop', { spec: {} }, 'networking.k8s.io/v1'),
      object(
        'NetworkPolicy',
        'other',
        'shop',
        { spec: { podSelector: { matchLabels: { app: 'x' } } } },
        'networking.k8s.io/v1',
      ),
      object('Service', 'hit', 'shop', { spec: { selector: { app: 'web' } } }),
      object('Service', 'no-selector', 'shop', { spec: {} }),
      object('Service', 'empty', 'shop', { spec: { selector: {} } }),
    );
    const web = get(workspace, 'Deployment', 'web') as Workload;
    const unit = workspace.unit(web);
    expect(names(unit.budgetsFor(web.podLabels))).toEqual(['all', 'expression', 'hit']);
    expect(names(unit.policiesFor(web.podLabels))).toEqual(['all']);
    expect(names(unit.servicesFor(web.podLabels))).toEqual(['hit']);
    expect(names(unit.selected(selectorOf({ matchLabels: { app: 'web' } })))).toEqual(['web']);
  });
  test('a match that silences ignores an unknown namespace, one that accuses does not', async () => {
    const workspace = await load(
      `${workload('web', '')}---\n${object('ConfigMap', 'a', 'shop')}---\n${object('ConfigMap', 'b', '')}`,
    );
    const web = get(workspace, 'Deployment', 'web');
    expect(
      names([...workspace.unit(web).find('ConfigMap', 'a'), ...workspace.unit(web).find('ConfigMap', 'b')]),
    ).toEqual(['a', 'b']);
    expect(
      names([...workspace.bundle(web).find('ConfigMap', 'a'), ...workspace.bundle(web).find('ConfigMap', 'b')]),
    ).toEqual(['b']);
  });
  test('all rules that ask about one object get the same neighbors, and the next object its own', async () => {
    const workspace = await load(
      ['web', 'api'].map((name) => workload(name, name === 'web' ? 'shop' : 'blog')).join('---\n'),
      object('Service', 'a', 'shop', { spec: { selector: { app: 'web' } } }),
      object('Service', 'b', 'blog', { spec: { selector: { app: 'api' } } }),
    );
    const [web, api] = [get(workspace, 'Deployment', 'web'), get(workspace, 'Deployment', 'api')];
    for (const around of ['unit', 'bundle'] as const) {
      expect(workspace[around](web)).toBe(workspace[around](web));
      expect(workspace[around](api)).not.toBe(workspace[around](web));
      expect([web, api, web].map((one) => names(workspace[around](one).all('Service')))).toEqual([['a'], ['b'], ['a']]);
    }
  });
  test('cluster-scoped objects match every namespace', async () => {
    const workspace = await load(workload('web'), object('PriorityClass', 'high', '', {}, 'scheduling.k8s.io/v1'));
    for (const around of [
      workspace.unit(get(workspace, 'Deployment', 'web')),
      workspace.bundle(get(workspace, 'Deployment', 'web')),
    ])
      expect(names(around.find('PriorityClass', 'high'))).toEqual(['high']);
  });
  test('cluster-scoped objects of other units silence findings, and cause none', async () => {
    const files = {
      'a/kustomization.yaml': 'resources: [web.json]\n',
      'a/web.json': workload('web'),
      'b/kustomization.yaml': 'resources: [role.json]\n',
      'b/role.json': object('ClusterRole', 'reader', '', {}, 'rbac.authorization.k8s.io/v1'),
    };
    const { workspace } = await lintTexts(files, []);
    const web = get(workspace, 'Deployment', 'web');
    expect(names(workspace.unit(web).find('ClusterRole', 'reader'))).toEqual(['reader']);
    expect(names(workspace.bundle(web).find('ClusterRole', 'reader'))).toEqual([]);
  });
  test('a unit with a part that was not read is not closed', async () => {
    const closed = async (body: string) =>
      workspaceState((await lintTexts({ 'kustomization.yaml': body, 'web.json': workload('web') }, [])).workspace);
    const workspaceState = (workspace: Workspace) =>
      (['unit', 'bundle'] as const)
        .map((how) => workspace[how](get(workspace, 'Deployment', 'web')).closed)
        .map(({ state, why }) => [state, why]);
    const both = (state: string, why?: string) => [
      [state, why],
      [state, why],
    ];
    expect(await closed('resources: [web.json]\n')).toEqual(both('yes'));
    expect(await closed('resources: [web.json, "github.com/org/repo?ref=v1"]\n')).toEqual(
      both('unknown', 'remote base or resource is not read: github.com/org/repo?ref=v1'),
    );
    expect(await closed('resources: [web.json]\nhelmCharts: [{name: x}]\n')).toEqual(
      both('unknown', 'the charts of kustomization.yaml are not rendered'),
    );
  });
  test('the owner is the controller among the owner references, in the same namespace', async () => {
    const pod = (name: string, namespace: string, owner: Record<string, unknown>) =>
      `${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, ownerReferences: [owner] }, spec: { containers: [] } })}\n`;
    const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: '1' };
    const workspace = await load(
      workload('web').replace('"Deployment"', '"ReplicaSet"'),
      workload('web'),
      pod('forged', 'shop', { ...owner, kind: 'Deployment', controller: true }),
      pod('owned', 'shop', { ...owner, controller: true }),
      pod('elsewhere', 'blog', { ...owner, controller: true }),
      pod('held', 'shop', owner),
      pod('orphan', 'shop', { ...owner, name: 'gone', controller: true }),
    );
    const ownerOf = (name: string) =>
      workspace.unit(get(workspace, 'Pod', name)).ownerOf(get(workspace, 'Pod', name))?.name;
    // A Deployment only creates ReplicaSets.
    const names = ['owned', 'forged', 'elsewhere', 'held', 'orphan'];
    expect(names.map(ownerOf)).toEqual(['web', undefined, undefined, undefined, undefined]);
  });
  test('replicas: an autoscaler takes precedence over the written number', async () => {
    const scaler = (spec: unknown, kind = 'HorizontalPodAutoscaler') => object(kind, 'scaler', 'shop', { spec });
    const target = { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } };
    const replicas = async (...more: string[]) => {
      const workspace = await load(workload('web'), ...more);
      return leastReplicas(workspace, get(workspace, 'Deployment', 'web') as Workload);
    };
    expect(await replicas()).toBe(2);
    expect(await replicas(scaler({ ...target, minReplicas: 4 }))).toBe(4);
    expect(await replicas(scaler(target))).toBe(1);
    expect(await replicas(scaler({ scaleTargetRef: { name: 'web' } }, 'ScaledObject'))).toBe(0);
    expect(await replicas(scaler({ scaleTargetRef: { ...target.scaleTargetRef, name: 'api' }, minReplicas: 4 }))).toBe(
      2,
    );
  });
  test('an autoscaler scales only what its target names with the right API group', async () => {
    const scaled = async (scaleTargetRef: unknown, kind = 'HorizontalPodAutoscaler') => {
      const workspace = await load(workload('web'), object(kind, 'scaler', 'shop', { spec: { scaleTargetRef } }));
      return workspace.unit(get(workspace, 'Deployment', 'web')).scalersOf(get(workspace, 'Deployment', 'web')).length;
    };
    expect(await scaled({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' })).toBe(1);
    expect(await scaled({ apiVersion: '{{ .Values.api }}', kind: 'Deployment', name: 'web' })).toBe(1);
    expect(await scaled({ kind: 'Deployment', name: 'web' })).toBe(0);
    expect(await scaled({ apiVersion: 'apps/v1', name: 'web' })).toBe(0);
    expect(await scaled({ apiVersion: 'extensions/v1beta1', kind: 'Deployment', name: 'web' })).toBe(0);
    expect(await scaled({ name: 'web' }, 'ScaledObject')).toBe(1);
    expect(await scaled({ apiVersion: 'example.com/v1', kind: 'Deployment', name: 'web' }, 'ScaledObject')).toBe(0);
  });
  test('`*` looks in all namespaces', async () => {
    const workspace = await load(workload('web'), workload('web', 'blog'), object('ServiceAccount', 'web', 'blog'));
    const around = workspace.bundle(get(workspace, 'ServiceAccount', 'web'));
    expect(around.find('Deployment', 'web')).toHaveLength(1);
    expect(around.find('Deployment', 'web', '*')).toHaveLength(2);
    expect(workspace.unit(get(workspace, 'ServiceAccount', 'web')).find('Deployment', 'web', '*')).toHaveLength(2);
    expect(
      workspace
        .unit(get(workspace, 'ServiceAccount', 'web'))
        .selected(selectorOf({ matchLabels: { app: 'web' } }), '*'),
    ).toHaveLength(2);
  });
  test('a namespace whose custom resources may create pods proves nothing missing', async () => {
    const lone = await load(workload('web'));
    expect(lone.unit(get(lone, 'Deployment', 'web')).hasWorkload()).toBe(true);
    const operator = await load(workload('web'), object('Postgres', 'db', 'shop', {}, 'example.com/v1'));
    expect(operator.unit(get(operator, 'Deployment', 'web')).hasWorkload()).toBe(false);
    const elsewhere = await load(workload('web'), object('Postgres', 'db', 'blog', {}, 'example.com/v1'));
    expect(elsewhere.unit(get(elsewhere, 'Deployment', 'web')).hasWorkload()).toBe(true);
    const empty = await load(object('ConfigMap', 'a', 'shop'));
    expect(empty.unit(get(empty, 'ConfigMap', 'a')).hasWorkload()).toBe(false);
  });
});

describe('work grows with the objects, not with their square', () => {
  /** A namespace has ten of everything; all in one folder, so that the unit contains all. */
  const many = (count: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => {
        const [name, namespace] = [`app-${i}`, `team-${Math.floor(i / 10)}`];
        return [
          `${i}.json`,
          [
            workload(name, namespace),
            budget(name, namespace, { matchLabels: { app: name } }),
            object('Service', name, namespace, { spec: { selector: { app: name } } }),
            object('ServiceAccount', name, namespace),
            object(
              'NetworkPolicy',
              name,
              namespace,
              { spec: { podSelector: { matchLabels: { app: name } } } },
              'networking.k8s.io/v1',
            ),
            object('Widget', name, namespace, {}, 'keda.sh/v1'),
            object(
              'VerticalPodAutoscaler',
              name,
              namespace,
              { spec: { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name } } },
              'autoscaling.k8s.io/v1',
            ),
            // A reference to a Service that does not exist.
            object(
              'StatefulSet',
              `db-${i}`,
              namespace,
              {
                spec: {
                  serviceName: `db-${i}`,
                  template: {
                    metadata: { labels: { db: name } },
                    spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }] },
                  },
                },
              },
              'apps/v1',
            ),
            object(
              'ValidatingWebhookConfiguration',
              name,
              '',
              { webhooks: [{ name, clientConfig: { service: { name: `hook-${i}`, namespace } } }] },
              'admissionregistration.k8s.io/v1',
            ),
            ...(i % 10 === 0
              ? [
                  object('Namespace', namespace, ''),
                  object('LimitRange', name, namespace, { spec: { limits: [{ type: 'Container', max: { cpu: 4 } }] } }),
                  object('ResourceQuota', name, namespace, { spec: { hard: { 'requests.cpu': 4 } } }),
                ]
              : []),
            object(
              'HorizontalPodAutoscaler',
              name,
              namespace,
              { spec: { minReplicas: 2, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name } } },
              'autoscaling/v2',
            ),
            object(
              'RoleBinding',
              name,
              namespace,
              { roleRef: { kind: 'Role', name }, subjects: [{ kind: 'ServiceAccount', name, namespace }] },
              'rbac.authorization.k8s.io/v1',
            ),
          ].join('---\n'),
        ];
      }),
    );
  const [small, factor] = [60, 8];
  const lookUps: Record<string, (workspace: Workspace, one: Workload) => unknown> = {
    find: (workspace, one) => workspace.unit(one).find('ServiceAccount', one.name),
    budgetsFor: (workspace, one) => workspace.unit(one).budgetsFor(one.podLabels),
    policiesFor: (workspace, one) => workspace.unit(one).policiesFor(one.podLabels),
    servicesFor: (workspace, one) => workspace.unit(one).servicesFor(one.podLabels),
    selected: (workspace, one) => workspace.unit(one).selected(selectorOf({ matchLabels: { app: one.name } })),
    leastReplicas: (workspace, one) => leastReplicas(workspace, one),
    all: (workspace, one) => workspace.unit(one).all('NetworkPolicy'),
    workloads: (workspace, one) => workspace.unit(one).workloads(),
    hasWorkload: (workspace, one) => workspace.unit(one).hasWorkload(),
  };
  /** Candidates that lookups try, for each object. */
  const triedPerObject = async (count: number, work: (workspace: Workspace, all: readonly Workload[]) => unknown) => {
    const { workspace } = await lintTexts(many(count), []);
    const workloads = workspace.all('Deployment') as unknown as Workload[];
    expect(workloads).toHaveLength(count);
    work(workspace, workloads);
    return workspace.tally.tried / count;
  };
  for (const [name, lookUp] of Object.entries(lookUps)) {
    test(name, async () => {
      const tried = (count: number) =>
        triedPerObject(count, (workspace, all) => all.forEach((one) => lookUp(workspace, one)));
      const [one, eight] = [await tried(small), await tried(small * factor)];
      if (name !== 'hasWorkload') expect(one).toBeGreaterThan(0);
      expect(eight).toBeLessThanOrEqual(one);
    });
  }
  test('a lookup that scans would be detected', async () => {
    const tried = (count: number) =>
      triedPerObject(count, (workspace, all) => all.forEach((one) => workspace.unit(one).all('NetworkPolicy', '*')));
    expect(await tried(small * factor)).toBe(factor * (await tried(small)));
  });
  test('a whole run with every rule', async () => {
    const tried = async (count: number) => {
      const { workspace } = await lintTexts(many(count), rules);
      return workspace.tally.tried / count;
    };
    const [one, eight] = [await tried(small), await tried(small * factor)];
    expect(one).toBeGreaterThan(10);
    expect(eight).toBeLessThanOrEqual(1.1 * one);
  });
});

describe('what all rules read grows with the objects', () => {
  const template = (labels: Record<string, string>) => ({
    metadata: { labels },
    spec: { serviceAccountName: 'web', containers: [{ name: 'app', image: 'app:1', ports: [{ containerPort: 80 }] }] },
  });
  const deployment = (name: string, namespace: string, labels: Record<string, string>) =>
    object(
      'Deployment',
      name,
      namespace,
      { spec: { replicas: 2, selector: {}, template: template(labels) } },
      'apps/v1',
    );
  const scaler = (name: string, namespace: string) =>
    object('HorizontalPodAutoscaler', name, namespace, {
      spec: { minReplicas: 2, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
    });
  const service = (name: string, namespace: string, selector: unknown) =>
    object('Service', name, namespace, { spec: { selector, ports: [{ port: 80 }] } });
  const expression = (operator: string, key: string, values?: string[]) => ({
    matchExpressions: [{ key, operator, ...(values ? { values } : {}) }],
  });
  const same = { app: 'web' };
  /** Objects by number, of kinds that used to be compared with one another. */
  const kinds: Record<string, (i: number) => string[]> = {
    'budgets by NotIn': (i) => [
      deployment(`w${i}`, '', { app: `w${i}` }),
      budget(`b${i}`, '', expression('NotIn', 'app', [`w${i}`])),
    ],
    'budgets by Exists': (i) => [
      deployment(`w${i}`, '', { [`k${i}`]: 'a', ...same }),
      budget(`b${i}`, '', expression('Exists', `k${i}`)),
    ],
    'budgets by In with several values': (i) => [
      deployment(`w${i}`, '', { app: `w${i}` }),
      budget(`b${i}`, '', expression('In', 'app', [`w${i}`, `x${i}`])),
    ],
    'budgets by DoesNotExist of what all have': (i) => [
      deployment(`w${i}`, '', { app: `w${i}` }),
      budget(`b${i}`, '', expression('DoesNotExist', 'app')),
    ],
    'equal budgets': (i) => [deployment(`w${i}`, '', same), budget(`b${i}`, '', { matchLabels: same })],
    'equal budgets of a percentage': (i) => [
      deployment(`w${i}`, '', same),
      object(
        'PodDisruptionBudget',
        `b${i}`,
        '',
        { spec: { minAvailable: '50%', selector: { matchLabels: same } } },
        'policy/v1',
      ),
    ],
    'equal Services': (i) => [deployment(`w${i}`, '', same), service(`s${i}`, '', same)],
    'autoscalers of equal Deployments': (i) => [deployment('web', '', same), scaler(`h${i}`, '')],
    'autoscalers of both kinds with one target': (i) => [
      deployment('web', '', same),
      scaler(`h${i}`, ''),
      object(
        'VerticalPodAutoscaler',
        `v${i}`,
        '',
        { spec: { targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } } },
        'autoscaling.k8s.io/v1',
      ),
    ],
    'equal names in many namespaces': (i) => [
      deployment('web', `n${i}`, same),
      scaler('web', `n${i}`),
      service('web', `n${i}`, same),
      budget('web', `n${i}`, { matchLabels: same }),
      object('ServiceAccount', 'web', `n${i}`),
      object(
        'RoleBinding',
        'web',
        `n${i}`,
        {
          roleRef: { kind: 'Role', name: 'gone' },
          subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: `n${i}` }],
        },
        'rbac.authorization.k8s.io/v1',
      ),
    ],
    'with a namespace and without': (i) => [
      deployment(`w${i}`, `n${i}`, { app: `w${i}` }),
      deployment(`v${i}`, '', { app: `v${i}` }),
      service(`s${i}`, '', { app: `gone${i}` }),
      object('ServiceAccount', `a${i}`, ''),
      object('LimitRange', `l${i}`, '', { spec: { limits: [] } }),
    ],
    'roles and bindings that are missing': (i) => [
      object('Role', `r${i}`, `n${i}`, { rules: [] }, 'rbac.authorization.k8s.io/v1'),
      object(
        'RoleBinding',
        `b${i}`,
        `n${i}`,
        { roleRef: { kind: 'Role', name: `gone${i}` }, subjects: [{ kind: 'ServiceAccount', name: `gone${i}` }] },
        'rbac.authorization.k8s.io/v1',
      ),
      object('ServiceAccount', 'other', `n${i}`),
    ],
  };

  /** Objects that lookups try, fields of objects that are read, and what rules report, for each object of the input. */
  const looksPerObject = async (objects: readonly string[]): Promise<number> => {
    const source = { id: 'all.json', path: 'all.json', text: objects.join('---\n'), target: true };
    const { trees } = await parseAll([source], () => true);
    const { parts } = await readInputs(trees, podTemplates, { charts: new Set(), kustomizations: new Set() });
    const workspace = new Workspace(parts, trees);
    let reads = 0;
    for (const resource of workspace.resources) {
      const watched = new Proxy(resource.object, {
        get: (target, key) => {
          reads++;
          return Reflect.get(target, key) as unknown;
        },
      });
      Object.assign(resource, { object: watched, written: watched });
    }
    const { crashes, findings } = run({
      rules: rules.map((rule) => ({
        rule,
        settingFor: () => ({ severity: rule.severity, options: withDefaults(rule) }),
      })),
      workspace,
      documents: trees,
      today,
      targetOf: findTargets(undefined, [], (id) => id, today),
      sources: [source],
    });
    expect(crashes).toEqual([]);
    return (reads + workspace.tally.tried + findings.length) / objects.length;
  };
  test.each(Object.entries(kinds))('%s', async (_, make) => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => make(i)).flat();
    const [few, eight] = [await looksPerObject(many(40)), await looksPerObject(many(320))];
    expect(few).toBeGreaterThan(3);
    expect(eight).toBeLessThanOrEqual(1.2 * few);
  });
});
