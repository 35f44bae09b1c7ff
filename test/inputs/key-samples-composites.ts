import type { Sample } from './key-samples.ts';

/* Composite resources of Crossplane, and what a Composition makes for each of them. */

const json = (data: unknown): string => JSON.stringify(data, null, 1);
const group = 'platform.example.org';
const composition = (name: string, spec: object, metadata: object = {}): string =>
  json({
    apiVersion: 'apiextensions.crossplane.io/v1',
    kind: 'Composition',
    metadata: { name, ...metadata },
    spec: { compositeTypeRef: { apiVersion: `${group}/v1`, kind: 'XCluster' }, ...spec },
  });
const definition = (spec: object, properties: object, required: readonly string[] = []): string =>
  json({
    apiVersion: 'apiextensions.crossplane.io/v1',
    kind: 'CompositeResourceDefinition',
    metadata: { name: `xclusters.${group}` },
    spec: {
      group,
      names: { kind: 'XCluster', plural: 'xclusters' },
      claimNames: { kind: 'Cluster', plural: 'clusters' },
      ...spec,
      versions: [
        { name: 'v1beta1', schema: { openAPIV3Schema: {} } },
        {
          name: 'v1',
          schema: { openAPIV3Schema: { properties: { spec: { type: 'object', properties, required } } } },
        },
      ],
    },
  });
const composite = (kind: string, name: string, spec: object, metadata: object = {}): string =>
  json({ apiVersion: `${group}/v1`, kind, metadata: { name, ...metadata }, spec });
const cluster = (forProvider: object = {}): object => ({
  apiVersion: 'eks.aws.upbound.io/v1beta1',
  kind: 'Cluster',
  spec: { forProvider: { region: 'eu-west-1', ...forProvider } },
});
const files = (...texts: readonly string[]): Sample['files'] =>
  Object.fromEntries(texts.map((text, index) => [`${String.fromCharCode(97 + index)}.yaml`, text]));
const at = (field: string): string => `spec.forProvider.${field}`;
/** A patch of a field by a field of the same name, with transforms. */
const from = (path: string, field: string, ...transforms: readonly object[]): object => ({
  type: 'FromCompositeFieldPath',
  fromFieldPath: path,
  toFieldPath: at(field),
  ...(transforms.length > 0 ? { transforms } : {}),
});
const text = (string: object): object => ({ type: 'string', string });
const convert = (toType: string, more: object = {}): object => ({ type: 'convert', convert: { toType, ...more } });
/** The tags show the results of transforms. */
const tag = (name: string, path: string, ...transforms: readonly object[]): object =>
  from(path, `tags[${name}]`, ...transforms);

export const compositeSamples: readonly Sample[] = [
  {
    name: 'Crossplane: transforms of patches',
    files: files(
      composition('c', {
        patchSets: [
          { name: 'common', patches: [tag('of-a-set', 'spec.word')] },
          { name: 'nested', patches: [{ type: 'PatchSet', patchSetName: 'common' }] },
        ],
        resources: [
          {
            name: 'control-plane',
            base: cluster({ version: '1.30', tags: { kept: 'x' } }),
            patches: [
              { type: 'PatchSet', patchSetName: 'common' },
              from('spec.version', 'version'),
              { fromFieldPath: at('roleArn') },
              { fromFieldPath: 'spec.hosts[0]', toFieldPath: at('publicAccess["x"]') },
              tag('map', 'spec.size', { type: 'map', map: { small: 't3', large: 'm5' } }),
              tag('format', 'spec.word', text({ fmt: 'a-%s' })),
              tag('written-format', 'spec.word', text({ type: 'Format', fmt: '%v-b' })),
              tag('upper', 'spec.word', text({ type: 'Convert', convert: 'ToUpper' })),
              tag('lower', 'spec.title', text({ type: 'Convert', convert: 'ToLower' })),
              tag('text', 'spec.count', convert('string')),
              tag('both', 'spec.count', convert('string'), text({ fmt: 'n%s' })),
              tag('unknown-map', 'spec.word', { type: 'map', map: { another: 'x' } }),
              tag('unknown-convert', 'spec.word', text({ type: 'Convert', convert: 'ToBase64' })),
              tag('unknown-string', 'spec.word', text({ type: 'TrimPrefix', trim: 'w' })),
              tag('unknown-type', 'spec.word', { type: 'math', math: { multiply: 2 } }),
              tag('unknown-format', 'spec.count', convert('string', { format: 'quantity' })),
              tag('plain-format', 'spec.count', convert('string', { format: 'none' })),
              from('spec.closed', 'vpcConfig[0].endpointPublicAccess', convert('bool')),
              from('spec.open', 'vpcConfig[0].endpointPrivateAccess', convert('bool')),
              from('spec.shut', 'deletionProtection', convert('bool')),
            ],
          },
          {
            name: 'nodes',
            base: {
              apiVersion: 'eks.aws.upbound.io/v1beta1',
              kind: 'NodeGroup',
              spec: { forProvider: { clusterName: 'c', scalingConfig: [{ desiredSize: 1 }] } },
            },
            patches: [
              from('spec.nodes', 'scalingConfig[0].minSize', convert('int')),
              from('spec.nodes', 'scalingConfig[0].maxSize', convert('int64')),
              from('spec.nodes', 'updateConfig[0].maxUnavailable', convert('float64')),
              from('spec.count', 'diskSize'),
            ],
          },
          {
            name: 'in doubt',
            base: cluster(),
            patches: [
              { type: 'PatchSet', patchSetName: 'nested' },
              { type: 'CombineFromComposite', toFieldPath: at('version') },
              { type: 'ToCompositeFieldPath', fromFieldPath: 'status.x', toFieldPath: at('roleArn') },
              { type: 'CombineToComposite', toFieldPath: at('roleArn') },
              { type: 'ToEnvironment', toFieldPath: at('roleArn') },
              { fromFieldPath: 'status.ready', toFieldPath: at('accessConfig') },
              { ...from('spec.word', 'tags'), policy: { mergeOptions: { keepMapValues: true } } },
              { ...from('spec.word', 'enabledClusterLogTypes'), policy: { fromFieldPath: 'Optional' } },
            ],
          },
        ],
      }),
      definition(
        {},
        { version: { type: 'string', default: '1.32' }, word: { type: 'string' }, absent: { type: 'string' } },
      ),
      composite('XCluster', 'one', {
        word: 'word',
        title: 'TITLE',
        size: 'small',
        count: 3,
        nodes: '2',
        open: 'true',
        closed: false,
        shut: 'false',
        hosts: ['first', 'second'],
        forProvider: { roleArn: 'arn:aws:iam::111122223333:role/r' },
      }),
    ),
  },
  {
    name: 'Crossplane: what composite resources leave out',
    files: files(
      composition('c', {
        resources: [
          {
            name: 'control-plane',
            base: cluster(),
            patches: [
              from('spec.version', 'version'),
              from('spec.parameters.role', 'roleArn'),
              from('spec.absent', 'tags'),
              { ...from('spec.absent', 'enabledClusterLogTypes'), policy: { fromFieldPath: 'Required' } },
              from('metadata.labels.team', 'tags.team'),
              from('metadata.annotations.owner', 'tags.owner'),
              from('metadata.name', 'tags.name'),
            ],
          },
        ],
      }),
      definition(
        {},
        {
          version: { type: 'string', default: '1.32' },
          parameters: {
            type: 'object',
            required: ['role'],
            properties: { role: { type: 'string', default: 'arn:aws:iam::111122223333:role/d' } },
          },
          absent: { type: 'string' },
        },
        ['parameters'],
      ),
    ),
  },
  {
    name: 'Crossplane: the definition of a claim',
    files: files(
      composition('c', {
        resources: [
          {
            name: 'control-plane',
            base: cluster(),
            patches: [
              from('spec.version', 'version'),
              from('spec.list[0].role', 'roleArn'),
              from('metadata.labels.team', 'tags.team'),
              from('metadata.annotations.owner', 'tags.owner'),
              from('metadata.name', 'tags.name'),
              from('spec.absent', 'enabledClusterLogTypes'),
              { ...from('spec.absent', 'accessConfig'), policy: { fromFieldPath: 'Required' } },
            ],
          },
        ],
      }),
      definition(
        {},
        {
          version: { type: 'string', default: '1.32' },
          list: {
            type: 'array',
            items: { type: 'object', properties: { role: { default: 'arn:aws:iam::111122223333:role/i' } } },
          },
          absent: { type: 'string' },
        },
      ),
      composite('Cluster', 'claim', { list: [{}] }, { labels: { team: 'web' }, annotations: { owner: 'me' } }),
    ),
  },
  ...[
    ['by its name', { compositionRef: { name: 'b' } }, {}],
    ['by its name, as Crossplane 2 writes it', { crossplane: { compositionRef: { name: 'b' } } }, {}],
    ['by labels', { compositionSelector: { matchLabels: { tier: 'b' } } }, {}],
    ['by default', {}, { defaultCompositionRef: { name: 'b' } }],
    ['by force', { compositionRef: { name: 'a' } }, { enforcedCompositionRef: { name: 'b' } }],
    ['by nothing', {}, {}],
  ].map(([how, spec, more]) => ({
    name: `Crossplane: a Composition chosen ${String(how)}`,
    files: files(
      ...['a', 'b'].map((name) =>
        composition(
          name,
          { resources: [{ name, base: cluster({ tags: { by: name } }), patches: [from('spec.version', 'version')] }] },
          { labels: { tier: name } },
        ),
      ),
      definition(more as object, { version: { type: 'string' } }),
      composite('XCluster', 'one', { version: '1.31', ...(spec as object) }),
    ),
  })),
];
