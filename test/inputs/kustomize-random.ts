import * as fc from 'fast-check';

/*
 * Random trees of kustomizations: a base, a component, two overlays and sometimes a root of both. There are few names,
 * so that patches, images and selectors match their objects.
 */

type Data = Record<string, unknown>;
type Files = Readonly<Record<string, string>>;

const pick = <T>(...all: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...all);
const some = <T extends Record<string, fc.Arbitrary<unknown>>>(fields: T): fc.Arbitrary<Data> =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Data>;
const few = <T>(one: fc.Arbitrary<T>, by: (item: T) => unknown, minLength = 0): fc.Arbitrary<T[]> =>
  fc.uniqueArray(one, { minLength, maxLength: 3, selector: by });
const both = (a: fc.Arbitrary<Data>, b: fc.Arbitrary<Data>): fc.Arbitrary<Data> =>
  fc.tuple(a, b).map(([x, y]) => ({ ...x, ...y }));

const repos = ['nginx', 'example.com/app', 'registry.example.com:5000/team/app', 'mirror.example.com/app'];
const digest = `sha256:${'1'.repeat(64)}`;
const image = fc
  .tuple(pick(...repos), pick('', ':1', ':latest', `@${digest}`, `:1@${digest}`))
  .map(([repo, rest]) => repo + rest);
const pairs: fc.Arbitrary<Data> = fc.dictionary(
  pick('app', 'tier', 'example.com/team'),
  pick('web', 'db', 'true', '1'),
  { maxKeys: 2 },
);

/**
 * Kustomize lets added labels share one node, so a later change of one changes the others; patches and roots have
 * separate labels.
 */
const patchPairs: fc.Arbitrary<Data> = fc.dictionary(pick('own', 'tier2'), pick('web', '1'), { maxKeys: 2 });

/** Lists and maps of a pod; `patching` adds what only patches contain. */
function podSpec(patching: boolean): fc.Arbitrary<Data> {
  /** A list item with a merge key; a patch may delete it. */
  const item = (
    key: string,
    names: fc.Arbitrary<unknown>,
    rest: Record<string, fc.Arbitrary<unknown>>,
  ): fc.Arbitrary<Data> => {
    const full = both(some(rest), fc.record({ [key]: names }));
    return patching
      ? fc.oneof(
          { weight: 6, arbitrary: full },
          { weight: 1, arbitrary: fc.record({ [key]: names, $patch: pick('delete', 'replace') }) },
        )
      : full;
  };
  const orNull = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => (patching ? fc.option(one, { freq: 6 }) : one);
  const map = (fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
    orNull(
      patching
        ? fc
            .tuple(
              some(fields),
              pick(...Array.from({ length: 8 }, () => ({})), { $patch: 'delete' }, { $patch: 'replace' }),
            )
            .map(([a, b]) => ({ ...a, ...b }))
        : some(fields),
    );
  const items = (one: fc.Arbitrary<Data>, key: string, least = 0): fc.Arbitrary<Data[]> =>
    fc
      .tuple(
        few(one, (item) => item[key], least),
        patching ? pick(false, false, false, false, false, false, false, true) : fc.constant(false),
      )
      .map(([all, replace]) => (replace ? [...all, { $patch: 'replace' }] : all));
  const container = item('name', pick('app', 'side', 'log'), {
    image: image,
    args: orNull(fc.array(pick('-a', '-b', '-c'), { maxLength: 2 })),
    env: orNull(items(item('name', pick('A', 'B', 'C'), { value: orNull(pick('1', '2')) }), 'name')),
    ports: orNull(items(item('containerPort', pick(80, 8080, 443), { name: pick('http', 'web') }), 'containerPort')),
    volumeMounts: items(
      item('mountPath', pick('/a', '/b'), { name: pick('v', 'w'), readOnly: fc.boolean() }),
      'mountPath',
    ),
    securityContext: map({
      privileged: orNull(fc.boolean()),
      capabilities: map({ add: fc.array(pick('CHOWN', 'SYS_ADMIN'), { maxLength: 2 }) }),
    }),
    resources: map({ limits: map({ cpu: pick('1', '500m') }), requests: map({ memory: pick('1Gi', '2Gi') }) }),
  });
  return both(
    some({
      initContainers: orNull(items(container, 'name')),
      volumes: orNull(
        items(
          item('name', pick('v', 'w'), {
            emptyDir: map({ medium: pick('Memory') }),
            configMap: map({ name: pick('a', 'b') }),
            $retainKeys: fc.constant(undefined),
          }),
          'name',
        ),
      ),
      tolerations: orNull(fc.array(some({ key: pick('a', 'b'), operator: pick('Exists') }), { maxLength: 2 })),
      imagePullSecrets: items(item('name', pick('a', 'b'), {}), 'name'),
      hostAliases: items(
        item('ip', pick('1.1.1.1', '2.2.2.2'), { hostnames: fc.array(pick('a', 'b'), { maxLength: 2 }) }),
        'ip',
      ),
      topologySpreadConstraints: items(
        item('topologyKey', pick('zone', 'host'), {
          labelSelector: some({ matchLabels: patching ? patchPairs : pairs }),
          maxSkew: pick(1, 2),
          whenUnsatisfiable: pick('DoNotSchedule', 'ScheduleAnyway'),
        }),
        'topologyKey',
      ),
      nodeSelector: map({ a: orNull(pick('1', '2')), b: pick('1') }),
      hostNetwork: orNull(fc.boolean()),
      affinity,
      securityContext: map({
        runAsUser: orNull(pick(0, 1000)),
        supplementalGroups: fc.array(pick(1, 2), { maxLength: 2 }),
      }),
    }),
    patching ? some({ containers: items(container, 'name') }) : fc.record({ containers: items(container, 'name', 1) }),
  ).map(clean);
}
/** Selectors in pods to which kustomizations add labels. */
const term = fc.record({ labelSelector: fc.record({ matchLabels: pairs }), topologyKey: pick('zone') });
const affinity = some({
  podAntiAffinity: some({
    requiredDuringSchedulingIgnoredDuringExecution: fc.array(term, { maxLength: 1 }),
    preferredDuringSchedulingIgnoredDuringExecution: fc.array(fc.record({ weight: pick(1), podAffinityTerm: term }), {
      maxLength: 1,
    }),
  }),
  nodeAffinity: fc.constant({}),
});
const clean = (data: Data): Data => JSON.parse(JSON.stringify(data)) as Data;

const names = ['web', 'db'];
const groups: Readonly<Record<string, string>> = {
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  Rollout: 'argoproj.io/v1alpha1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  Pod: 'v1',
  Service: 'v1',
  ConfigMap: 'v1',
  Namespace: 'v1',
  ServiceAccount: 'v1',
  PodDisruptionBudget: 'policy/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  Ingress: 'networking.k8s.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  Widget: 'example.com/v1',
};

function spec(kind: string, patching: boolean): fc.Arbitrary<Data> {
  const template = both(
    fc.record({ spec: podSpec(patching) }),
    some({ metadata: some({ labels: patching ? patchPairs : pairs, annotations: patching ? patchPairs : pairs }) }),
  );
  const selector = some({
    matchLabels: patching ? patchPairs : pairs,
    matchExpressions: fc.array(fc.record({ key: pick('a', 'b'), operator: pick('Exists') }), { maxLength: 2 }),
  });
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'Rollout':
    case 'DaemonSet':
    case 'Job':
      return both(
        some({
          replicas: pick(1, 3),
          selector,
          paused: fc.boolean(),
          volumeClaimTemplates: fc.array(
            fc.record({ metadata: both(fc.record({ name: pick('v') }), some({ labels: pairs })) }),
            { maxLength: 1 },
          ),
        }),
        patching ? some({ template }) : fc.record({ template }),
      );
    case 'CronJob':
      return both(
        some({ schedule: pick('* * * * *') }),
        fc.record({
          jobTemplate: fc.record({ spec: both(some({ backoffLimit: pick(1, 2) }), fc.record({ template })) }),
        }),
      );
    case 'Pod':
      return podSpec(patching);
    case 'Service':
      return some({
        selector: patching ? patchPairs : pairs,
        type: pick('ClusterIP', 'NodePort'),
        ports: few(
          both(
            some({ name: pick('a', 'b'), targetPort: pick<unknown>(80, 'http'), protocol: pick('TCP', 'UDP') }),
            fc.record({ port: pick(80, 443) }),
          ),
          (one) => one['port'],
        ),
      });
    case 'PodDisruptionBudget':
      return some({ selector, minAvailable: pick('10%', '50%') });
    case 'NetworkPolicy':
      return some({
        podSelector: selector,
        policyTypes: fc.array(pick('Ingress', 'Egress'), { maxLength: 2 }),
        ingress: fc.array(
          some({
            from: fc.array(some({ podSelector: selector }), { maxLength: 1 }),
            ports: fc.array(some({ port: pick(80, 443), protocol: pick('TCP') }), { maxLength: 2 }),
          }),
          { maxLength: 1 },
        ),
      });
    case 'HorizontalPodAutoscaler':
      return some({
        scaleTargetRef: fc.record({ kind: pick('Deployment'), name: pick(...names), apiVersion: pick('apps/v1') }),
        minReplicas: pick(1, 2),
        metrics: fc.array(some({ type: pick('Resource'), resource: some({ name: pick('cpu', 'memory') }) }), {
          maxLength: 2,
        }),
      });
    case 'Ingress':
      return some({
        ingressClassName: pick('alb'),
        rules: fc.array(some({ host: pick('a', 'b') }), { maxLength: 2 }),
        tls: fc.array(some({ hosts: fc.array(pick('a')), secretName: pick('s') }), { maxLength: 1 }),
      });
    case 'Widget':
      return some({
        size: pick(1, 2),
        containers: fc.array(some({ name: pick('a', 'b'), image }), { maxLength: 2 }),
        nested: some({ env: fc.array(some({ name: pick('A', 'B'), value: pick('1') }), { maxLength: 2 }) }),
        ports: fc.array(some({ port: pick(1, 2) }), { maxLength: 2 }),
        image,
      });
    default:
      return fc.constant({});
  }
}

interface Named {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

function objectOf({ kind, name, namespace }: Named, patching: boolean): fc.Arbitrary<Data> {
  const rest: fc.Arbitrary<Data> =
    kind === 'ConfigMap'
      ? some({
          data: fc.dictionary(
            pick('a', 'b.yaml', 'constructor'),
            patching ? fc.option(pick('1', 'x\ny\n')) : pick('1', 'x\ny\n'),
            { maxKeys: 2 },
          ),
        })
      : kind === 'ClusterRole'
        ? some({
            rules: fc.array(
              fc.record({
                apiGroups: fc.constant(['']),
                resources: fc.array(pick('pods', 'secrets')),
                verbs: fc.constant(['get']),
              }),
              { maxLength: 2 },
            ),
          })
        : kind === 'ServiceAccount'
          ? some({
              automountServiceAccountToken: fc.boolean(),
              imagePullSecrets: few(fc.record({ name: pick('a', 'b') }), (one) => one.name),
              secrets: few(fc.record({ name: pick('a', 'b') }), (one) => one.name),
            })
          : kind === 'Namespace'
            ? fc.constant({})
            : patching
              ? some({ spec: spec(kind, true) })
              : fc.record({ spec: spec(kind, false) });
  return fc
    .tuple(
      rest,
      some({
        labels: patching ? patchPairs : pairs,
        annotations: fc.dictionary(patching ? pick<string>('b', 'b/c') : pick<string>('a', 'a/b'), pick('1', '2'), {
          maxKeys: 2,
        }),
      }),
    )
    .map(([body, metadata]) =>
      clean({ apiVersion: groups[kind], kind, metadata: { name, namespace, ...metadata }, ...body }),
    );
}

const namedArb: fc.Arbitrary<Named> = fc.record({
  kind: fc.oneof({ weight: 3, arbitrary: pick('Deployment') }, { weight: 5, arbitrary: pick(...Object.keys(groups)) }),
  name: pick(...names),
  namespace: pick(undefined, undefined, undefined, 'own'),
});

const holes = [
  '',
  '/spec/template/spec',
  '/spec/template/spec/containers/0',
  '/spec/template/spec/containers/1',
  '/spec/jobTemplate/spec/template/spec/containers/0',
  '/metadata',
  '/spec',
];
const ends = [
  'replicas',
  'image',
  'containers/-',
  'containers/0',
  'containers',
  'labels/app',
  'labels/example.com~1team',
  'annotations/a~1b',
  'annotations',
  'env/-',
  'env/0',
  'env',
  'args/-',
  'args/1',
  'volumes/0',
  'volumes',
  'none',
  'name',
  'hostNetwork',
  'data/a',
  'metadata/labels/app',
  'spec',
];
const pointer = fc.tuple(pick(...holes), pick(...ends)).map(([hole, end]) => `${hole}/${end}`);
const value = pick<unknown>(
  'x',
  3,
  true,
  { name: 'new', image: 'nginx' },
  { name: 'app', value: 'x' },
  ['-z'],
  {},
  [],
  null,
);
const operation: fc.Arbitrary<Data> = fc.oneof(
  fc.record({
    op: pick('add', 'replace'),
    path: pick(
      '/spec/template/spec/containers/0/image',
      '/spec/template/spec/containers/0/name',
      '/metadata/labels',
      '/spec/template/spec/containers',
    ),
    value: pick<unknown>('nginx:2', { own: 'x' }, [{ name: 'new', image: 'example.com/app' }]),
  }),
  fc.record({
    op: pick('copy', 'move'),
    from: pick('/spec/template/spec/containers/0', '/metadata/labels', '/spec/template/spec/volumes'),
    path: pick(
      '/spec/template/spec/initContainers',
      '/spec/template/spec/containers/0',
      '/spec/template/spec/containers/-',
    ),
  }),
  fc.record({
    op: pick('remove'),
    path: pick('/spec/template/spec/containers/0', '/metadata/labels', '/spec/selector'),
  }),
  fc.record({ op: pick('add', 'add', 'replace'), path: pointer, value }),
  fc.record({ op: pick('remove'), path: pointer }),
  fc.record({ op: pick('move', 'copy'), from: pointer, path: pointer }),
);

type PatchFile = { readonly field: string; readonly entry: Data | string; readonly files: Files };

function patchOf(objects: readonly Named[], id: string): fc.Arbitrary<PatchFile> {
  const form = pick('file', 'text', 'strategic', 'strategic text', 'json6902');
  return fc
    .tuple(pick(...objects), form, pick(true, false), pick(true, false))
    .chain(([named, how, isJson, pretty]) => {
      const target: fc.Arbitrary<Data> = some({
        kind: pick(named.kind, named.kind, 'Deployment', '.*'),
        name: pick(named.name, named.name, 'w.*', '.*', 'we', '(web|db)', '[wd].+', '^web$', 'web|x'),
        group: pick((groups[named.kind] ?? '').replace(/\/?v.*$/, '')),
        namespace: pick('own', 'default', 'o.*', 'ns1'),
        labelSelector: pick('app=web', 'app!=web', 'app in (web, db)', 'tier', '!tier', 'app=web,tier'),
        annotationSelector: pick('a=1'),
        version: pick('v1'),
      });
      const write = (data: unknown) => JSON.stringify(data, null, pretty ? 2 : 0);
      if (how.startsWith('strategic'))
        return fc
          .tuple(objectOf(named, true), fc.option(objectOf(named, true), { freq: 1 }))
          .map(([one, two]): PatchFile => {
            const text = two && how === 'strategic' ? `${write(one)}\n---\n${write(two)}\n` : `${write(one)}\n`;
            return how === 'strategic'
              ? { field: 'patchesStrategicMerge', entry: `${id}.yaml`, files: { [`${id}.yaml`]: text } }
              : { field: 'patchesStrategicMerge', entry: text, files: {} };
          });
      if (how === 'json6902' || isJson)
        return fc
          .tuple(fc.array(operation, { minLength: 1, maxLength: 2 }), target)
          .map(([operations, wide]): PatchFile => {
            const exact = {
              kind: named.kind,
              name: named.name,
              version: 'v1',
              group: (groups[named.kind] ?? '').replace(/\/?v.*$/, ''),
            };
            const aim =
              how === 'json6902' ? { ...exact, version: (groups[named.kind] ?? '').replace(/^.*\//, '') } : wide;
            const field = how === 'json6902' ? 'patchesJson6902' : 'patches';
            return how === 'text'
              ? { field, entry: { patch: write(operations), target: aim }, files: {} }
              : { field, entry: { path: `${id}.yaml`, target: aim }, files: { [`${id}.yaml`]: write(operations) } };
          });
      const gone = fc.constant({
        apiVersion: groups[named.kind],
        kind: named.kind,
        metadata: { name: named.name, namespace: named.namespace },
        $patch: 'delete',
      });
      return fc
        .tuple(
          fc.oneof({ weight: 9, arbitrary: objectOf(named, true) }, { weight: 1, arbitrary: gone }),
          fc.option(target),
        )
        .map(([body, wide]): PatchFile => {
          const aim = wide ? { target: wide } : {};
          return how === 'text'
            ? { field: 'patches', entry: { patch: write(body), ...aim }, files: {} }
            : { field: 'patches', entry: { path: `${id}.yaml`, ...aim }, files: { [`${id}.yaml`]: write(body) } };
        });
    });
}

/** One kustomization with its patches, without what it includes. */
function rootOf(
  folder: string,
  objects: readonly Named[],
): fc.Arbitrary<{ readonly body: Data; readonly files: Files }> {
  const patches = fc
    .integer({ min: 0, max: 2 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => patchOf(objects, `p${i}`))));
  const scaled = objects.flatMap(({ kind, name }) => (kind === 'Deployment' || kind === 'StatefulSet' ? [name] : []));
  const own = fc.dictionary(
    folder === 'base' ? pick('tier') : pick(folder, `example.com/${folder}`),
    pick('web', 'db', 'true', '1'),
    { maxKeys: 2 },
  );
  const fields = some({
    namespace: pick('ns1', 'ns2'),
    images: fc.array(
      both(
        fc.record({ name: pick(...repos) }),
        some({ newName: pick(...repos), newTag: pick('2', 'v3', '1.20'), digest: pick(digest) }),
      ),
      { maxLength: 2 },
    ),
    ...(scaled.length === 0
      ? {}
      : { replicas: fc.array(fc.record({ name: pick(...scaled), count: pick(0, 5) }), { maxLength: 1 }) }),
    labels: fc.array(
      both(
        fc.record({ pairs: own }),
        some({
          includeSelectors: fc.boolean(),
          includeTemplates: fc.boolean(),
          fields: fc.array(
            both(
              fc.record({ path: pick('spec/extra', 'spec/template/spec/containers/extra') }),
              some({ kind: pick('Deployment', 'CronJob'), create: fc.boolean(), group: pick('apps') }),
            ),
            { maxLength: 1 },
          ),
        }),
      ),
      { maxLength: 1 },
    ),
    commonLabels: fc.dictionary(
      folder === 'base' ? pick('app', 'example.com/team') : pick(`common-${folder}`),
      pick('web', '1'),
      { maxKeys: 2 },
    ),
    commonAnnotations: fc.dictionary(pick('a', 'x/y'), pick('1', 'true'), { maxKeys: 2 }),
  });
  return fc.tuple(fields, patches).map(([body, found]) => {
    const all: Data = { ...body };
    const files: Record<string, string> = {};
    for (const { field, entry, files: own } of found) {
      all[field] = [...((all[field] as unknown[] | undefined) ?? []), entry];
      for (const [path, text] of Object.entries(own)) files[`${folder}/${path}`] = text;
    }
    return { body: all, files };
  });
}

const written = (objects: readonly Data[], how: string): string => {
  const text =
    how === 'list'
      ? JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }, null, 2)
      : objects.map((one) => JSON.stringify(one, null, 2)).join('\n---\n');
  return how === 'crlf' ? text.replaceAll('\n', '\r\n') : text;
};

/** A file of field specs, as `configurations` names them. Steps that kinds lack only occur if they may be created. */
const configuration: fc.Arbitrary<Data> = some(
  Object.fromEntries(
    (
      [
        ['commonLabels', ['spec/made/labels', 'spec/selector/matchLabels', 'spec/nested/more']],
        ['labels', ['spec/made/plain', 'spec/nested/labels']],
        ['templateLabels', ['spec/made/template']],
        ['commonAnnotations', ['spec/made/annotations']],
        ['images', ['spec/image', 'spec/containers/image']],
        ['replicas', ['spec/size', 'spec/made/replicas']],
        ['namespace', ['spec/made/namespace']],
      ] as const
    ).map(([purpose, paths]) => [
      purpose,
      fc.array(
        both(
          fc.record({ path: pick<string>(...paths), kind: pick('Widget', 'Rollout') }),
          some({
            create: purpose === 'images' ? fc.constant(false) : fc.boolean(),
            group: pick('example.com', 'argoproj.io'),
            version: pick('v1', 'v1alpha1'),
          }),
        ),
        { minLength: 1, maxLength: 2 },
      ),
    ]),
  ),
);

/** A tree of kustomizations. */
export const kustomizations: fc.Arbitrary<Files> = few(namedArb, ({ kind, name }) => `${kind}/${name}`, 1).chain(
  (objects) =>
    fc
      .tuple(
        fc.tuple(...objects.map((one) => objectOf(one, false))),
        pick('plain', 'plain', 'list', 'crlf'),
        rootOf('base', objects),
        rootOf('part', objects),
        rootOf('one', objects),
        rootOf('two', objects),
        rootOf('all', objects),
        fc.option(configuration),
        pick('base', 'one', 'one', 'part', 'all', 'all'),
      )
      .map(([bodies, how, base, part, one, two, all, specs, shape]) => {
        const files: Record<string, string> = {};
        const add = (
          folder: string,
          { body, files: own }: { readonly body: Data; readonly files: Files },
          more: Data,
        ) => {
          Object.assign(files, own);
          files[`${folder}/kustomization.yaml`] = JSON.stringify({ ...more, ...body }, null, 1);
        };
        files['base/objects.yaml'] = written(bodies, how);
        const configured = specs !== null && Object.keys(specs).length > 0;
        if (configured) files['base/specs.yaml'] = JSON.stringify(specs);
        add('base', base, { resources: ['objects.yaml'], ...(configured ? { configurations: ['specs.yaml'] } : {}) });
        if (shape === 'part') add('part', part, { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component' });
        if (shape !== 'base')
          add('one', one, { resources: ['../base'], ...(shape === 'part' ? { components: ['../part'] } : {}) });
        if (shape === 'all') {
          add('two', { ...two, body: { ...two.body, namespace: 'ns2' } }, { resources: ['../base'] });
          files['one/kustomization.yaml'] = JSON.stringify({
            ...(JSON.parse(files['one/kustomization.yaml'] ?? '{}') as Data),
            namespace: 'ns1',
          });
          add('all', { ...all, body: { ...all.body, namespace: undefined } }, { resources: ['../one', '../two'] });
        }
        return files;
      }),
);
