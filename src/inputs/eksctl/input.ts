import type { Addon, Cluster, Nodegroup } from '#model/cluster.ts';
import { Resource } from '#model/resource.ts';
import { isRecord } from '#model/shape.ts';
import { Collection, Value } from '#model/value.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Location, Tree } from '#syntax/tree.ts';
import { derive, type Dialect, Field, unknownList } from '../field.ts';
import type { Parts } from '../input.ts';
import { chipOf } from '../nodes.ts';
import { Provided } from '../provided.ts';

/* Field names and defaults: eksctl schema v1alpha5 and the defaults that eksctl applies before it creates anything. */

/** eksctl reads strict JSON types; a file that a shell fills in first (`${NAME}`, `$NAME`) tells nothing there. */
const dialect: Dialect = {
  converts: false,
  unknown: (value) =>
    typeof value === 'string' && /\$\{\w+\}|^\$[A-Za-z_]\w*$|\{\{.*\}\}/.test(value)
      ? 'something fills in this text before eksctl reads it'
      : undefined,
};

const allLogs = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

/** `all` and `*` stand for every type (eksctl schema, cloudWatch.clusterLogging.enableTypes). */
function readLogging(types: Collection<Value<string>>): Collection<Value<string>> {
  const items = types.items.flatMap((type) =>
    type.value === 'all' || type.value === '*' ? allLogs.map((one) => Value.set(one, () => type.at)) : [type],
  );
  return new Collection(items, {
    at: () => types.at,
    state: types.state,
    ...(types.why === undefined ? {} : { why: types.why }),
  });
}

/** AMI types by amiFamily, which eksctl reads without regard to case; the chip of the instance types gives the rest of the name. */
function amiTypeOf(family: string, chip: ReturnType<typeof chipOf>): string | undefined {
  const windows = /^windowsserver(\d+)(core|full)container$/i.exec(family);
  if (windows) return `WINDOWS_${(windows[2] ?? '').toUpperCase()}_${windows[1]}_x86_64`;
  if (/^ubuntu/i.test(family)) return 'CUSTOM';
  // The CPU alone never changes what a rule thinks of an AMI, so an unknown one counts as x86.
  const cpu = chip === 'arm' || chip === 'armGpu' ? 'ARM_64' : 'x86_64';
  const gpu = chip === 'gpu' || chip === 'armGpu';
  switch (family.toLowerCase()) {
    case 'amazonlinux2023':
      return `AL2023_${cpu}_${gpu ? 'NVIDIA' : chip === 'neuron' ? 'NEURON' : 'STANDARD'}`;
    case 'amazonlinux2':
      return gpu || chip === 'neuron' ? 'AL2_x86_64_GPU' : `AL2_${cpu}`;
    case 'bottlerocket':
      return `BOTTLEROCKET_${cpu}${gpu ? '_NVIDIA' : ''}`;
    case 'bottlerocketfips':
      return `BOTTLEROCKET_${cpu}_FIPS`;
    default:
      return undefined;
  }
}

function readAmiType(group: Field, types: Collection<Value<string>>): Value<string> {
  const ami = group.get('ami');
  const image = ami.text();
  // These words only say how eksctl finds the AMI of the family (eksctl schema, ami).
  if (image.state === 'unknown') return Value.unknown(image.why ?? 'not known', ami.at);
  if (image.value !== undefined && !/^(auto|auto-ssm|static)$/.test(image.value)) return Value.set('CUSTOM', ami.at);
  const template = group.get('launchTemplate');
  if (template.written && group.get('amiFamily').absent)
    return Value.unknown('the launch template may name an AMI', template.at);
  const family = group.get('amiFamily').text('AmazonLinux2023');
  const made = derive(family, (name) => amiTypeOf(name, chipOf(types)));
  return family.state === 'set' && made.value === undefined
    ? Value.unknown(`amiFamily ${family.value} is not known`, () => family.at)
    : made;
}

function readInstanceTypes(group: Field, template: boolean): Collection<Value<string>> {
  const listed = [group.get('instanceTypes'), group.path('instancesDistribution', 'instanceTypes')].find(
    (field) => field.written,
  );
  if (listed) return listed.texts();
  const single = group.get('instanceType');
  if (single.written && single.value !== 'mixed') return new Collection([single.text()], { at: single.at });
  if (group.get('instanceSelector').written)
    return unknownList('eksctl picks the types by instanceSelector', group.get('instanceSelector').at);
  if (template) return unknownList('the launch template may hold the instance type', group.get('launchTemplate').at);
  return new Collection([Value.default('m5.large', single.at)], { at: single.at, state: 'default' }); // eksctl's DefaultNodeType
}

/** Spot: managed groups say so; others buy through an instances distribution (eksctl schema). */
function readCapacity(group: Field, managed: boolean): Value<string> {
  if (managed) return derive(group.get('spot').bool(false), (spot) => (spot ? 'SPOT' : 'ON_DEMAND'));
  const mixed = group.get('instancesDistribution');
  const share = mixed.get('onDemandPercentageAboveBaseCapacity').number(100);
  const floor = mixed.get('onDemandBaseCapacity').number(0);
  if (share.state === 'unknown' || floor.state === 'unknown')
    return Value.unknown(share.why ?? floor.why ?? 'not known', mixed.at);
  if (share.state === 'set')
    return Value.set(share.value === 0 && floor.value === 0 ? 'SPOT' : 'ON_DEMAND', () => share.at);
  return Value.default('ON_DEMAND', mixed.at);
}

function readImds(group: Field): Nodegroup['imds'] {
  const template = group.get('launchTemplate');
  if (template.written) {
    const why = 'the launch template is not described in this file';
    return {
      httpTokens: Value.unknown(why, template.at),
      hopLimit: Value.unknown(why, template.at),
      endpointEnabled: Value.unknown(why, template.at),
    };
  }
  const noV1 = group.get('disableIMDSv1').bool(true);
  const noPods = group.get('disablePodIMDS').bool(false);
  // Either setting makes tokens required: eksctl writes one launch template from both.
  let httpTokens: Value<string> = derive(noV1, (disabled) => (disabled ? 'required' : 'optional'));
  if (noPods.value === true && noV1.value !== true) httpTokens = Value.set('required', () => noPods.at);
  else if (noPods.state === 'unknown' && noV1.value === false)
    httpTokens = Value.unknown(noPods.why ?? 'not known', () => noPods.at);
  return {
    httpTokens,
    hopLimit: derive(noPods, (blocked) => (blocked ? 1 : 2)),
    endpointEnabled: Value.default(true, group.at),
  };
}

function readAccess(group: Field, top: Field): Nodegroup['remoteAccess'] {
  const template = group.get('launchTemplate');
  if (template.written) {
    const why = 'the launch template is not described in this file';
    return {
      enabled: Value.unknown(why, template.at),
      sourceSecurityGroups: unknownList(why, template.at),
      openCidrs: unknownList(why, template.at),
    };
  }
  const ssh = group.get('ssh');
  const allow = ssh.get('allow');
  const keys = ['publicKey', 'publicKeyName', 'publicKeyPath'].map((key) => ssh.get(key));
  const key = keys.find((field) => field.written && field.value !== '');
  // A key switches SSH on unless `allow` says no (eksctl schema, NodeGroupSSH).
  const enabled = allow.absent && key ? Value.set(true, key.at) : allow.bool(false);
  const sourceSecurityGroups = ssh.get('sourceSecurityGroupIds').texts();
  const at = (): Location => enabled.at;
  const attached = group.path('securityGroups', 'attachIDs');
  const extra = attached.written
    ? { complete: false, why: 'the attached security groups are not described in this file' }
    : {};
  let openCidrs: Collection<Value<string>>;
  if (enabled.state === 'unknown') openCidrs = unknownList(enabled.why ?? 'not known', at);
  else if (!enabled.value) openCidrs = new Collection<Value<string>>([], { at, state: 'default', ...extra });
  else if (!sourceSecurityGroups.complete)
    openCidrs = unknownList(sourceSecurityGroups.why ?? 'not known', () => sourceSecurityGroups.at);
  else if (sourceSecurityGroups.items.length > 0)
    openCidrs = new Collection<Value<string>>([], { at, state: 'default', ...extra });
  else {
    const hidden = group.get('privateNetworking').bool(false);
    // Without source groups eksctl opens port 22 to the VPC on private networking, else to everyone.
    if (hidden.state === 'unknown') openCidrs = unknownList(hidden.why ?? 'not known', () => hidden.at);
    else {
      const own =
        top.get('vpc').get('id').written && top.path('vpc', 'cidr').absent
          ? undefined
          : top.path('vpc', 'cidr').text('192.168.0.0/16');
      const inside = own ?? Value.unknown<string>('the CIDR of the existing VPC is not written', at);
      openCidrs = new Collection(
        hidden.value ? [inside] : ['0.0.0.0/0', '::/0'].map((cidr) => Value.default(cidr, at)),
        { at, state: 'default', ...extra },
      );
    }
  }
  return { enabled, sourceSecurityGroups, openCidrs };
}

function readAddonPolicies(group: Field): Value<boolean> {
  const policies = group.path('iam', 'withAddonPolicies');
  if (policies.why !== undefined) return policies.bool();
  const flags = policies.entries().map(([, field]) => field.bool(false));
  return (
    flags.find((flag) => flag.value === true) ??
    flags.find((flag) => flag.state === 'unknown') ??
    Value.default(false, policies.at)
  );
}

function readNodegroup(group: Field, managed: boolean, top: Field): Nodegroup {
  const name = group.get('name').text();
  const instanceTypes = readInstanceTypes(group, group.get('launchTemplate').written);
  return {
    kind: 'nodegroup',
    input: 'eksctl',
    tree: group.tree,
    object: group.map,
    get at() {
      return group.at();
    },
    subject: { kind: 'nodegroup', namespace: '', name: name.value ?? '' },
    name,
    managed,
    instanceTypes,
    version: Value.default<string>(undefined, group.at), // eksctl has no such field: groups follow the cluster
    amiType: readAmiType(group, instanceTypes),
    capacityType: readCapacity(group, managed),
    imds: readImds(group),
    remoteAccess: readAccess(group, top),
    addonPolicies: readAddonPolicies(group),
  };
}

function readAddon(addon: Field): Addon {
  const name = addon.get('name').text();
  return {
    kind: 'addon',
    input: 'eksctl',
    tree: addon.tree,
    object: addon.map,
    get at() {
      return addon.at();
    },
    subject: { kind: 'addon', namespace: '', name: name.value ?? '' },
    name,
    version: addon.get('version').text(),
  };
}

/** The maps of one or more lists of the document. */
function collect<T>(fields: readonly (readonly [Field, (item: Field) => T])[]): Collection<T> {
  const items: T[] = [];
  let why: string | undefined;
  for (const [field, make] of fields) {
    if (field.written && !Array.isArray(field.value)) why ??= field.why ?? `${field.key} is no list`;
    for (const item of field.items()) {
      if (item.map) items.push(make(item));
      else why ??= item.why ?? `an item of ${field.key} is no map`;
    }
  }
  const at = (fields.find(([field]) => field.written) ?? fields[0])?.[0].at as () => Location;
  const written = fields.some(([field]) => field.written);
  return new Collection(items, {
    at,
    state: why !== undefined && items.length === 0 ? 'unknown' : written ? 'set' : 'default',
    complete: why === undefined,
    ...(why === undefined ? {} : { why }),
  });
}

/** privateCluster.enabled overrides what vpc.clusterEndpoints says (eksctl schema, PrivateCluster). */
function readEndpoint(top: Field): Cluster['endpoint'] {
  const closed = top.path('privateCluster', 'enabled').bool(false);
  const endpoints = top.path('vpc', 'clusterEndpoints');
  const choose = (key: string, fallback: boolean, whenClosed: boolean): Value<boolean> => {
    if (closed.value === true) return Value.set(whenClosed, () => closed.at);
    if (closed.state === 'unknown') return Value.unknown(closed.why ?? 'not known', () => closed.at);
    return endpoints.get(key).bool(fallback);
  };
  return {
    public: choose('publicAccess', true, false),
    private: choose('privateAccess', false, true),
    publicCidrs: top.path('vpc', 'publicAccessCIDRs').filled(['0.0.0.0/0']),
  };
}

function readCluster(tree: Tree, root: object): Cluster {
  const top = Field.of(dialect, tree, root);
  const name = top.path('metadata', 'name').text();
  const arn = top.path('outpost', 'controlPlaneOutpostARN');
  const outpost: Value<boolean> =
    arn.why === undefined
      ? arn.written
        ? Value.set(true, arn.at)
        : Value.default(false, arn.at)
      : Value.set(true, arn.at);
  // Local clusters whose etcd has no instances of its own know no access entries (eksctl's defaults for accessConfig).
  const oldAccess = outpost.value === true && top.path('outpost', 'etcdInstanceType').absent;
  return {
    kind: 'cluster',
    input: 'eksctl',
    tree,
    object: root,
    get at() {
      return top.at();
    },
    subject: { kind: 'cluster', namespace: '', name: name.value ?? '' },
    name,
    version: top.path('metadata', 'version').text(),
    endpoint: readEndpoint(top),
    logging: readLogging(top.path('cloudWatch', 'clusterLogging', 'enableTypes').texts()),
    secretsKey: top.path('secretsEncryption', 'keyARN').text(),
    supportType: top.path('upgradePolicy', 'supportType').text('EXTENDED'),
    authenticationMode: top
      .path('accessConfig', 'authenticationMode')
      .text(oldAccess ? 'CONFIG_MAP' : 'API_AND_CONFIG_MAP'),
    deletionProtection: Value.default<boolean>(false, top.at), // eksctl has no field for it
    autoMode: top.path('autoModeConfig', 'enabled').bool(false),
    outpost,
    nodegroups: collect([
      [top.get('managedNodeGroups'), (group) => readNodegroup(group, true, top)],
      [top.get('nodeGroups'), (group) => readNodegroup(group, false, top)],
    ]),
    addons: collect([[top.get('addons'), readAddon]]),
  };
}

/** Service accounts that eksctl makes, as far as their names are known: for IAM roles (in `default` unless told otherwise), and for pod identities that ask for one. */
function readProvided(top: Field): Provided[] {
  const wanted = [
    ...top
      .path('iam', 'serviceAccounts')
      .items()
      .filter((account) => account.get('roleOnly').bool(false).value === false)
      .map(
        (account) => [account.path('metadata', 'name'), account.path('metadata', 'namespace').text('default')] as const,
      ),
    ...top
      .path('iam', 'podIdentityAssociations')
      .items()
      .filter((association) => association.get('createServiceAccount').value === true)
      .map((association) => [association.get('serviceAccountName'), association.get('namespace').text()] as const),
  ];
  return wanted.flatMap(([field, namespace]) => {
    const { value: name } = field.text();
    return name === undefined || namespace.value === undefined
      ? []
      : [new Provided('ServiceAccount', name, namespace.value, field)];
  });
}

/** ClusterConfig files of eksctl. */
export function read(trees: readonly Tree[]): Parts {
  const resources: AnyResource[] = [];
  const clusters: Cluster[] = [];
  const provided: Provided[] = [];
  for (const tree of trees) {
    const { root } = tree;
    if (!isRecord(root)) continue;
    const { path } = tree.source;
    resources.push(new Resource({ object: root, tree, namespaced: false, belonging: { unit: path, bundle: path } }));
    clusters.push(readCluster(tree, root));
    provided.push(...readProvided(Field.of(dialect, tree, root)));
  }
  return { resources, clusters, notes: [], provided };
}
