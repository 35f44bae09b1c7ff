import type { Addon, Cluster, Nodegroup } from '#model/cluster.ts';
import type { Note } from '#model/finding.ts';

import { Collection, Value } from '#model/value.ts';
import { folderOf } from '#sources/layout.ts';
import { Expression } from '#syntax/hcl.ts';
import type { Location, Tree } from '#syntax/tree.ts';
import { derive, Field, unknownList } from '../field.ts';
import type { Parts } from '../input.ts';
import {
  chipOf,
  clusterElsewhere,
  defaultAmiType,
  imdsOf,
  type Ingress,
  loginCidrs,
  machinesOf,
  unknownImds,
} from '../nodes.ts';
import { Provided } from '../provided.ts';
import { type Scope, scopesOf, short } from './scope.ts';

/* Argument names: AWS provider documentation (aws_eks_*, aws_launch_template, aws_security_group*) and variables.tf of terraform-aws-modules/eks/aws. The provider passes on what is written, so its defaults are those of the EKS API. */

const addLater = 'another file may add more';
const metadataKeys = { tokens: 'http_tokens', hops: 'http_put_response_hop_limit', endpoint: 'http_endpoint' };
/** What an expression refers to: `aws_kms_key.eks.arn`, with or without an index. */
interface Reference {
  readonly type: string;
  readonly name: string;
  readonly attribute: string;
}

function reference(value: unknown): Reference | undefined {
  const parts =
    value instanceof Expression
      ? /^((?:data\.)?[\w-]+)\.([\w-]+)(?:\[[^\]]*\])?\.([\w-]+)(?:\[[^\]]*\])?$/.exec(value.text)
      : null;
  const [, type, name, attribute] = parts ?? [];
  return type !== undefined && name !== undefined && attribute !== undefined ? { type, name, attribute } : undefined;
}

/** What the defaults of the terraform-aws-eks module are; they differ between major versions (variables.tf, UPGRADE guides). */
interface ModuleDefaults {
  readonly public: boolean;
  readonly private: boolean;
  readonly encrypted: boolean;
  readonly mode: string;
  /** Metadata options of node groups that write none. */
  readonly hops: number;
  /** Whether the options that are left out of a written `metadata_options` have defaults too. */
  readonly fills: boolean;
  /** An empty encryption_config switches encryption off; later null does. */
  readonly emptyIsOff: boolean;
  readonly amiType: string | undefined;
}
const v18: ModuleDefaults = {
  public: true,
  private: false,
  encrypted: false,
  mode: 'CONFIG_MAP',
  hops: 2,
  fills: false,
  emptyIsOff: true,
  amiType: undefined,
};
const v19: ModuleDefaults = { ...v18, public: false, private: true, encrypted: true };
const v20: ModuleDefaults = { ...v19, mode: 'API_AND_CONFIG_MAP' };
const v21: ModuleDefaults = { ...v20, hops: 1, fills: true, emptyIsOff: false, amiType: 'AL2023_x86_64_STANDARD' };
const releases: ReadonlyMap<number, ModuleDefaults> = new Map([
  [18, v18],
  [19, v19],
  [20, v20],
  [21, v21],
]);
const oldest = 18;
const newest = 21;

/** Arguments that only one side of the great renaming of version 21 knows. */
const since21 = [
  'name',
  'kubernetes_version',
  'endpoint_public_access',
  'endpoint_private_access',
  'endpoint_public_access_cidrs',
  'enabled_log_types',
  'encryption_config',
  'addons',
  'compute_config',
  'upgrade_policy',
];
const until20 = [
  'cluster_name',
  'cluster_version',
  'cluster_endpoint_public_access',
  'cluster_endpoint_private_access',
  'cluster_endpoint_public_access_cidrs',
  'cluster_enabled_log_types',
  'cluster_encryption_config',
  'cluster_addons',
  'cluster_compute_config',
  'cluster_upgrade_policy',
  'eks_managed_node_group_defaults',
  'self_managed_node_group_defaults',
];

/** Major versions that a constraint allows (Terraform Language, Version Constraints). */
function majorsOf(constraint: string | undefined): readonly [number, number] {
  let [low, high] = [oldest, newest];
  for (const part of (constraint ?? '').split(',')) {
    const [, operator = '=', major, rest = ''] = /^\s*(>=|<=|~>|!=|=|>|<)?\s*v?(\d+)((?:\.\d+)*)/.exec(part) ?? [];
    if (major === undefined || operator === '!=') continue;
    const number = Number(major);
    if (operator !== '<' && operator !== '<=') low = Math.max(low, number);
    if (operator === '=' || operator === '~>' || operator === '<=') high = Math.min(high, number);
    if (operator === '<') high = Math.min(high, /^(\.0+)*$/.test(rest) ? number - 1 : number);
    if (number < oldest && operator !== '>=' && operator !== '>') [low, high] = [number, number];
  }
  return [low, high];
}

/** How the module fills what is not written: the defaults of all versions in question, where they agree. */
interface Filling {
  readonly pick: <T>(take: (defaults: ModuleDefaults) => T, where: () => Location) => Value<T>;
  /** A written fact, else the default. */
  readonly fact: <T>(field: Field, read: (field: Field) => Value<T>, take: (defaults: ModuleDefaults) => T) => Value<T>;
}

/** `late` and `early` are arguments that only versions from 21 on and before it know. */
function defaultsOf(block: Field, late: readonly string[], early: readonly string[]): Filling {
  const has = (keys: readonly string[]): boolean =>
    keys.some((key) => block.map !== undefined && Object.hasOwn(block.map, key));
  const source = block.get('source').value;
  const tag = typeof source === 'string' ? /[?&]ref=v?(\d{1,3}(?:\.\d+)*)(?:&|$)/.exec(source)?.[1] : undefined;
  const constraint = block.get('version').value;
  let [low, high] = majorsOf(tag ?? (typeof constraint === 'string' ? constraint : undefined));
  if (has(late)) low = Math.max(low, 21);
  else if (has(early)) high = Math.min(high, 20);
  if (low > high) high = low;
  const candidates = Array.from({ length: high - low + 1 }, (_, index) => releases.get(Math.min(low + index, newest)));
  /** What all versions in question have by default, else unknown. */
  const pick: Filling['pick'] = <T>(take: (defaults: ModuleDefaults) => T, where: () => Location): Value<T> => {
    const values = new Set(candidates.map((one) => (one ? take(one) : undefined)));
    const [only] = values;
    return values.size === 1 && only !== undefined
      ? Value.default<T>(only, where)
      : Value.unknown('the default depends on the version of the module', where);
  };
  /** A written fact, else the default. */
  const fact: Filling['fact'] = <T>(
    field: Field,
    read: (field: Field) => Value<T>,
    take: (defaults: ModuleDefaults) => T,
  ): Value<T> => (field.absent ? pick(take, field.at) : read(field));
  return { pick, fact };
}

/** All files of one folder: what Terraform calls a module. */
class Folder {
  /** What of it could not be judged. */
  readonly notes: Note[] = [];
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  #resources(type: string): [string, Field][] {
    return this.#scope.blocks('resource', type);
  }
  #modules(wanted: (source: unknown) => boolean): [string, Field][] {
    return this.#scope
      .blocks('module')
      .filter(([, block]) => wanted(block.get('source').value) && block.get('create').value !== false);
  }
  /** What a field refers to, through locals. */
  #reference(field: Field): Reference | undefined {
    return field.isHome(this.#scope.dialect) ? reference(field.found) : undefined;
  }
  /** A text, or the name of a resource whose mere existence answers the question. */
  #given(field: Field, types: RegExp): Value<string> {
    const linked = reference(field.found);
    return linked && types.test(linked.type) ? Value.set(`${linked.type}.${linked.name}`, field.at) : field.text();
  }

  #secretsKey(config: Field): Value<string> {
    if (config.why !== undefined) return Value.unknown(config.why, config.at);
    if (config.absent) return Value.default<string>(undefined, config.at);
    // The block demands a key, so one that is written is one, whatever it turns out to be (aws_eks_cluster, encryption_config).
    const key = config.block('provider').get('key_arn');
    const given = this.#given(key, /^(data\.)?aws_kms_/);
    return given.state === 'unknown' && key.found instanceof Expression ? Value.set(key.found.text, key.at) : given;
  }

  #cluster(label: string, block: Field, groups: readonly Nodegroup[], addons: readonly Addon[]): Cluster {
    const name = block.get('name').text();
    const network = block.block('vpc_config');
    const outpost = block.block('outpost_config');
    const { at } = block;
    return {
      kind: 'cluster',
      input: 'terraform',
      tree: block.tree,
      object: block.map,
      get at() {
        return at();
      },
      subject: { kind: 'cluster', namespace: '', name: name.value ?? `aws_eks_cluster.${label}` },
      name,
      version: block.get('version').text(),
      endpoint: {
        public: network.get('endpoint_public_access').bool(true),
        private: network.get('endpoint_private_access').bool(false),
        publicCidrs: network.get('public_access_cidrs').filled(['0.0.0.0/0']),
      },
      logging: block.get('enabled_cluster_log_types').texts(),
      secretsKey: this.#secretsKey(block.block('encryption_config')),
      supportType: block.block('upgrade_policy').get('support_type').text('EXTENDED'),
      authenticationMode: block.block('access_config').get('authentication_mode').text('CONFIG_MAP'),
      deletionProtection: block.get('deletion_protection').bool(false),
      autoMode: block.block('compute_config').get('enabled').bool(false),
      outpost:
        outpost.why !== undefined
          ? Value.unknown(outpost.why, outpost.at)
          : outpost.written
            ? Value.set(true, outpost.at)
            : Value.default(false, outpost.at),
      nodegroups: new Collection(groups, {
        at,
        state: groups.length > 0 ? 'set' : 'default',
        complete: false,
        why: addLater,
      }),
      addons: new Collection(addons, {
        at,
        state: addons.length > 0 ? 'set' : 'default',
        complete: false,
        why: addLater,
      }),
    };
  }

  /** Rules of a security group of this folder: its own blocks, and both kinds of resources beside it. */
  #ingress(name: string): { rules: Ingress[]; why: string | undefined } {
    const rules: Ingress[] = [];
    let why: string | undefined;
    const read = (rule: Field, protocol: string): void => {
      rules.push({
        protocol: rule.get(protocol).text(),
        from: rule.get('from_port').number(),
        to: rule.get('to_port').number(),
        cidrs: cidrsOf(rule),
      });
    };
    const serves = (rule: Field): boolean => {
      const linked = this.#reference(rule.get('security_group_id'));
      return linked?.type === 'aws_security_group' && linked.name === name;
    };
    for (const [label, group] of this.#resources('aws_security_group')) {
      if (label !== name) continue;
      why ??= group.get('ingress').why ?? group.more('ingress');
      for (const rule of group.blocks('ingress')) read(rule, 'protocol');
    }
    for (const [, rule] of this.#resources('aws_security_group_rule'))
      if (rule.get('type').value === 'ingress' && serves(rule)) read(rule, 'protocol');
    for (const [, rule] of this.#resources('aws_vpc_security_group_ingress_rule'))
      if (serves(rule)) read(rule, 'ip_protocol');
    return { rules, why };
  }

  /** SSH to nodes: a key that EKS is told, or that the launch template holds, and what its security groups let in. */
  #access(
    remote: Field,
    template:
      | {
          readonly key: Field;
          readonly groups: readonly Field[];
          readonly rules?: readonly Ingress[];
          readonly why?: string | undefined;
        }
      | undefined,
  ): Nodegroup['remoteAccess'] {
    const own = remote.get('ec2_ssh_key');
    const key = own.absent && template?.key.written ? template.key : own;
    const enabled: Value<boolean> = derive(this.#given(key, /^(data\.)?aws_key_pair$/), (name) => name !== '');
    const settled = enabled.value === undefined && enabled.state === 'default' ? Value.default(false, key.at) : enabled;
    const sourceSecurityGroups = remote.get('source_security_group_ids').texts();
    const at = (): Location => settled.at;
    const items: Value<string>[] = loginCidrs(template?.rules ?? []);
    let why = template?.why;
    // EKS API, RemoteAccessConfig: a key without source groups opens port 22 to everyone.
    if (own.written) {
      if (!sourceSecurityGroups.complete) why ??= sourceSecurityGroups.why;
      else if (sourceSecurityGroups.items.length === 0 && settled.value !== false)
        items.push(
          settled.value === true ? Value.default('0.0.0.0/0', at) : Value.unknown(settled.why ?? 'not known', at),
        );
    }
    for (const list of template?.groups ?? []) {
      why ??= list.why ?? list.rest;
      for (const item of list.items()) {
        const linked = this.#reference(item);
        // The cluster's own security group lets only members in (EKS User Guide, security group requirements).
        if (item.found instanceof Expression && /cluster_(primary_)?security_group_id$/.test(item.found.text)) continue;
        if (
          linked?.type !== 'aws_security_group' ||
          !this.#resources('aws_security_group').some(([name]) => name === linked.name)
        )
          why ??= 'a security group of the nodes is not described in these files';
        else {
          const { rules, why: gap } = this.#ingress(linked.name);
          why ??= gap;
          items.push(...loginCidrs(rules));
        }
      }
    }
    return {
      enabled: settled,
      sourceSecurityGroups,
      openCidrs: new Collection(items, {
        at,
        state: 'default',
        complete: why === undefined,
        ...(why === undefined ? {} : { why }),
      }),
    };
  }

  /** The launch template of a node group: its block, nothing where there is none, or why it cannot be read. */
  #template(group: Field): Field | string | undefined {
    const use = group.block('launch_template');
    if (use.why !== undefined) return use.why;
    if (use.absent) return undefined;
    const linked = this.#reference(use.get('id')) ?? this.#reference(use.get('name'));
    const { value: name } = use.get('name');
    const found = this.#resources('aws_launch_template').find(
      ([label, block]) =>
        (linked?.type === 'aws_launch_template' && linked.name === label) ||
        (typeof name === 'string' && block.get('name').value === name),
    );
    return found?.[1] ?? 'the launch template is not described in these files';
  }

  #nodegroup(label: string, group: Field, clusterVersion: Value<string> | undefined): Nodegroup {
    const name = group.get('node_group_name').text();
    const found = this.#template(group);
    const template = found instanceof Field ? found : undefined;
    const missing = typeof found === 'string' ? found : undefined;
    const use = group.get('launch_template').at;
    const linked = this.#reference(group.get('version'));
    const version =
      linked?.type === 'aws_eks_cluster' && linked.attribute === 'version' && clusterVersion
        ? clusterVersion
        : group.get('version').text();
    const machines = machinesOf(
      found,
      use,
      [group.get('instance_types'), group.get('ami_type')],
      ['instance_type', 'image_id'],
      version,
      clusterVersion,
    );
    const { at } = group;
    return {
      kind: 'nodegroup',
      input: 'terraform',
      tree: group.tree,
      object: group.map,
      managed: true,
      get at() {
        return at();
      },
      subject: { kind: 'nodegroup', namespace: '', name: name.value ?? `aws_eks_node_group.${label}` },
      name,
      version,
      ...machines,
      capacityType: group.get('capacity_type').text('ON_DEMAND'),
      imds:
        missing !== undefined
          ? unknownImds(missing, use)
          : imdsOf(template?.block('metadata_options'), metadataKeys, machines.amiType, at),
      remoteAccess:
        missing !== undefined
          ? {
              enabled: Value.unknown(missing, use),
              sourceSecurityGroups: unknownList(missing, use),
              openCidrs: unknownList(missing, use),
            }
          : this.#access(
              group.block('remote_access'),
              template && {
                key: template.get('key_name'),
                groups: [
                  template.get('vpc_security_group_ids'),
                  template.get('security_group_names'),
                  ...template.blocks('network_interfaces').map((one) => one.get('security_groups')),
                ],
              },
            ),
      addonPolicies: Value.default<boolean>(false, at),
    };
  }

  #addon(label: string, addon: Field): Addon {
    const name = addon.get('addon_name').text();
    const { at } = addon;
    return {
      kind: 'addon',
      input: 'terraform',
      tree: addon.tree,
      object: addon.map,
      get at() {
        return at();
      },
      subject: { kind: 'addon', namespace: '', name: name.value ?? `aws_eks_addon.${label}` },
      name,
      version: addon.get('addon_version').text(),
    };
  }

  #module(label: string, block: Field): Cluster {
    const { at } = block;
    const filling = defaultsOf(block, since21, until20);
    const { pick, fact } = filling;
    const name = block.either('name', 'cluster_name').text();
    const version = block.either('kubernetes_version', 'cluster_version').text();
    const outpost = block.get('outpost_config');
    const logs = block.either('enabled_log_types', 'cluster_enabled_log_types');
    const settled = pick(() => 'audit api authenticator', logs.at);
    for (const key of ['worker_groups', 'worker_groups_launch_template', 'node_groups'])
      if (block.get(key).written)
        this.notes.push({
          kind: 'partial',
          message: `${key} of module.${label} are not judged: they are of versions before ${oldest}`,
          at: block.get(key).at(),
        });
    const groups = [
      this.#moduleGroups(label, block, filling, version, 'eks_managed_node_group'),
      this.#moduleGroups(label, block, filling, version, 'self_managed_node_group'),
    ];
    const addons = block.either('addons', 'cluster_addons');
    const listed = addons.entries().map(([key, addon]) => this.#moduleAddon(key, addon));
    return {
      kind: 'cluster',
      input: 'terraform',
      tree: block.tree,
      object: block.map,
      get at() {
        return at();
      },
      subject: { kind: 'cluster', namespace: '', name: name.value ?? `module.${label}` },
      name,
      version,
      endpoint: {
        public: fact(
          block.either('endpoint_public_access', 'cluster_endpoint_public_access'),
          (field) => field.bool(),
          (one) => one.public,
        ),
        private: fact(
          block.either('endpoint_private_access', 'cluster_endpoint_private_access'),
          (field) => field.bool(),
          (one) => one.private,
        ),
        publicCidrs: block
          .either('endpoint_public_access_cidrs', 'cluster_endpoint_public_access_cidrs')
          .filled(['0.0.0.0/0']),
      },
      logging:
        logs.absent && settled.why !== undefined
          ? unknownList(settled.why, logs.at)
          : logs.texts(settled.value?.split(' ')),
      secretsKey: this.#moduleKey(label, block, pick),
      supportType: block.either('upgrade_policy', 'cluster_upgrade_policy').get('support_type').text('EXTENDED'),
      authenticationMode: fact(
        block.get('authentication_mode'),
        (field) => field.text(),
        (one) => one.mode,
      ),
      deletionProtection: block.get('deletion_protection').bool(false),
      autoMode: block.either('compute_config', 'cluster_compute_config').get('enabled').bool(false),
      outpost:
        outpost.why !== undefined
          ? Value.unknown(outpost.why, outpost.at)
          : Object.keys(outpost.map ?? {}).length > 0
            ? Value.set(true, outpost.at)
            : Value.default(false, outpost.at),
      nodegroups: new Collection(
        groups.flatMap((one) => one.groups),
        {
          at,
          state: groups.some((one) => one.groups.length > 0) ? 'set' : 'default',
          complete: false,
          why: groups.find((one) => one.why !== undefined)?.why ?? addLater,
        },
      ),
      addons: new Collection(listed, {
        at: addons.at,
        state: listed.length > 0 ? 'set' : addons.why !== undefined ? 'unknown' : 'default',
        complete: false,
        why: addons.why ?? addLater,
      }),
    };
  }

  /** The module makes a key of its own unless it is given one or told not to encrypt. */
  #moduleKey(
    label: string,
    block: Field,
    pick: <T>(take: (defaults: ModuleDefaults) => T, where: () => Location) => Value<T>,
  ): Value<string> {
    const config = block.either('encryption_config', 'cluster_encryption_config');
    const { at } = config;
    if (config.why !== undefined) return Value.unknown(config.why, at);
    const own = block.get('create_kms_key').bool(true);
    const made = (): Value<string> => {
      if (own.value === true) return Value.default(`module.${label}.kms_key_arn`, at);
      return Value.unknown(
        own.value === false ? 'the key is to be given elsewhere' : (own.why ?? 'not known'),
        () => own.at,
      );
    };
    const spelled = block.map !== undefined && Object.hasOwn(block.map, 'encryption_config');
    if (config.absent && spelled) return Value.default<string>(undefined, at); // null switches it off since version 21
    if (config.absent) {
      const on = pick((one) => one.encrypted, at);
      return on.state === 'unknown'
        ? Value.unknown(on.why ?? 'not known', at)
        : on.value
          ? made()
          : Value.default<string>(undefined, at);
    }
    const inner = Array.isArray(config.value) ? config.items()[0] : config;
    if (!inner || Object.keys(inner.map ?? {}).length === 0) {
      const off = pick((one) => one.emptyIsOff, at);
      return off.state === 'unknown'
        ? Value.unknown(off.why ?? 'not known', at)
        : off.value
          ? Value.default<string>(undefined, at)
          : made();
    }
    const key = inner.get('provider_key_arn');
    return key.absent ? made() : this.#given(key, /^(data\.)?aws_kms_/);
  }

  #moduleAddon(key: string, addon: Field): Addon {
    const { at } = addon;
    const named = addon.why === undefined ? addon.get('name') : undefined;
    const name = named?.written
      ? named.text()
      : key.startsWith('(')
        ? Value.unknown<string>(`${short(key)} is not known before Terraform runs`, at)
        : Value.set(key, at);
    return {
      kind: 'addon',
      input: 'terraform',
      tree: addon.tree,
      object: addon.map,
      get at() {
        return at();
      },
      subject: { kind: 'addon', namespace: '', name: name.value ?? key },
      name,
      version: addon.get('addon_version').text(),
    };
  }

  #moduleGroups(
    label: string,
    block: Field,
    filling: Filling,
    clusterVersion: Value<string>,
    kind: 'eks_managed_node_group' | 'self_managed_node_group',
  ): { groups: Nodegroup[]; why: string | undefined } {
    const all = block.get(`${kind}s`);
    const shared = block.get(`${kind}_defaults`);
    const extra = block.get('node_security_group_additional_rules');
    const extraRules = extra
      .entries()
      .map(([, rule]) => rule)
      .filter((rule) => rule.get('type').value !== 'egress')
      .map((rule): Ingress => ({
        protocol: rule.get('protocol').text('tcp'),
        from: rule.get('from_port').number(),
        to: rule.get('to_port').number(),
        cidrs: cidrsOf(rule),
      }));
    const why = all.why ?? all.rest;
    if (why !== undefined)
      this.notes.push({
        kind: 'partial',
        message: `node groups of module.${label} are not judged: ${why}`,
        at: all.at(),
      });
    const unused = block.get('create_node_security_group').value === false;
    const rules = unused ? { given: [], why: undefined } : { given: extraRules, why: extra.why ?? extra.rest };
    return {
      groups: all
        .entries()
        .filter(([, group]) => group.get('create').value !== false)
        .map(([key, group]) =>
          this.#moduleGroup(key, group, shared, filling, clusterVersion, kind === 'eks_managed_node_group', rules),
        ),
      why,
    };
  }

  #moduleGroup(
    key: string,
    group: Field,
    shared: Field,
    { pick }: Filling,
    clusterVersion: Value<string>,
    managed: boolean,
    rules: { readonly given: readonly Ingress[]; readonly why: string | undefined },
  ): Nodegroup {
    const { at } = group;
    /** What the group writes, else what all groups of the module share. */
    const ask = (name: string): Field => {
      const own = group.get(name);
      const common = shared.get(name);
      return own.absent && common.written ? common : own;
    };
    const named = group.get('name');
    const name =
      group.why === undefined && named.written
        ? named.text()
        : key.startsWith('(')
          ? Value.unknown<string>(`${short(key)} is not known before Terraform runs`, at)
          : Value.set(key, at);
    const versionField =
      [ask('kubernetes_version'), ask('cluster_version')].find((field) => field.written) ??
      group.get('kubernetes_version');
    const version = versionField.text();
    const types = managed ? ask('instance_types') : ask('instance_type');
    const instanceTypes = managed
      ? types.filled(['t3.medium'])
      : types.written
        ? new Collection([types.text()], { at: types.at })
        : unknownList<Value<string>>('the instance types are not written', types.at);
    const image = ask('ami_id');
    const ami = ask('ami_type');
    let amiType = ami.text();
    if (image.why !== undefined) amiType = Value.unknown(image.why, image.at);
    else if (image.written && image.value !== '') amiType = Value.set('CUSTOM', image.at);
    else if (ami.absent) {
      const late = pick((one) => one.amiType ?? '', ami.at);
      if (late.state === 'unknown') amiType = Value.unknown(late.why ?? 'not known', ami.at);
      else if (late.value !== '') amiType = Value.default(late.value, ami.at);
      else if (managed)
        amiType = defaultAmiType(version.state === 'default' ? clusterVersion : version, chipOf(instanceTypes), ami.at);
      else amiType = Value.unknown('the AMI type of the module depends on its version', ami.at);
    }
    const switches = ['create_launch_template', 'use_custom_launch_template'].map((one) => ask(one).bool(true));
    const off = switches.find((one) => one.value !== true);
    const own = ask('launch_template_id');
    const foreign = own.written && own.value !== '' ? own : undefined; // the module's own default is an empty text
    const plain = managed && off?.value === false && !foreign;
    const options = ask('metadata_options');
    let imds: Nodegroup['imds'];
    if (foreign || (off && !plain))
      imds = unknownImds('the launch template is not the one of the module', foreign?.at ?? (() => off?.at ?? at()));
    else if (plain) imds = imdsOf(undefined, metadataKeys, amiType, at);
    else {
      const brought = imdsOf(options.absent ? undefined : options, metadataKeys, amiType, options.at);
      const fills = pick((one) => one.fills, options.at);
      /** Version 21 gives each option a default; before, only all of them together had one. */
      const fill = <T>(key: string, value: Value<T>, take: (defaults: ModuleDefaults) => T): Value<T> => {
        if (options.absent) return pick(take, options.at);
        const field = options.get(key);
        if (field.written || fills.value === false) return value;
        return fills.value === true ? pick(take, field.at) : Value.unknown(fills.why ?? 'not known', field.at);
      };
      imds = {
        httpTokens: fill(metadataKeys.tokens, brought.httpTokens, () => 'required'),
        hopLimit: fill(metadataKeys.hops, brought.hopLimit, (one) => one.hops),
        endpointEnabled: brought.endpointEnabled,
      };
    }
    const remote = ask('remote_access');
    return {
      kind: 'nodegroup',
      input: 'terraform',
      tree: group.tree,
      object: group.map,
      managed,
      get at() {
        return at();
      },
      subject: { kind: 'nodegroup', namespace: '', name: name.value ?? key },
      name,
      version,
      instanceTypes,
      amiType,
      capacityType: managed
        ? ask('capacity_type').text('ON_DEMAND')
        : derive(ask('instance_market_options').get('market_type').text('on-demand'), (market) =>
            market === 'spot' ? 'SPOT' : 'ON_DEMAND',
          ),
      imds,
      remoteAccess: this.#access(remote, {
        key: ask('key_name'),
        groups: [ask('vpc_security_group_ids')],
        rules: rules.given,
        why: rules.why,
      }),
      addonPolicies: Value.default<boolean>(false, at),
    };
  }

  /** A node group that a submodule of its own describes. */
  #ownGroup(label: string, block: Field, clusterVersion: Value<string> | undefined): Nodegroup {
    const version = clusterVersion ?? block.either('kubernetes_version', 'cluster_version').text();
    const managed = String(block.get('source').value).includes('eks-managed-node-group');
    return this.#moduleGroup(
      label,
      block,
      block.get('defaults'),
      defaultsOf(block, ['kubernetes_version'], ['cluster_version']),
      version,
      managed,
      { given: [], why: undefined },
    );
  }

  /** Service accounts and namespaces of the Kubernetes provider, as far as their names are known. */
  provided(): Provided[] {
    const made: Provided[] = [];
    const nameOf = (type: string, label: string): string | undefined => {
      const block = this.#resources(type).find(([name]) => name === label)?.[1];
      return block?.block('metadata').get('name').text().value;
    };
    /** A text, or the name of a namespace that the same files make. */
    const named = (field: Field, fallback?: string): string | undefined => {
      const { value } = field.text(fallback);
      const [, type, label] =
        field.found instanceof Expression && field.isHome(this.#scope.dialect)
          ? (/^(kubernetes_namespace(?:_v1)?)\.([\w-]+)(?:\[0\])?\.(?:metadata(?:\[0\]|\.0)\.name|id)$/.exec(
              field.found.text,
            ) ?? [])
          : [];
      return type !== undefined && label !== undefined ? nameOf(type, label) : value;
    };
    for (const kind of ['ServiceAccount', 'Namespace'] as const) {
      const type = kind === 'Namespace' ? 'kubernetes_namespace' : 'kubernetes_service_account';
      for (const [, block] of [...this.#resources(type), ...this.#resources(`${type}_v1`)]) {
        const metadata = block.block('metadata');
        const name = named(metadata.get('name'));
        const namespace = kind === 'Namespace' ? undefined : named(metadata.get('namespace'), 'default');
        if (name !== undefined && (kind === 'Namespace' || namespace !== undefined))
          made.push(new Provided(kind, name, namespace, metadata.get('name')));
      }
    }
    return made;
  }

  clusters(): Cluster[] {
    const plain = this.#resources('aws_eks_cluster');
    const modules = this.#modules(isEksModule);
    const known = [
      ...plain.map(([label, block]) => ({ label, block, type: 'aws_eks_cluster', name: block.get('name') })),
      ...modules.map(([label, block]) => ({
        label,
        block,
        type: 'module',
        name: block.either('name', 'cluster_name'),
      })),
    ];
    /** The cluster a part names: by reference, by the same text, or because the folder has no other. */
    const ownerOf = (part: Field): (typeof known)[number] | undefined => {
      const field = part.get('cluster_name');
      const linked = this.#reference(field);
      const named = linked && known.find((one) => one.type === linked.type && one.label === linked.name);
      if (named) return named;
      const same = known.find(
        ({ name }) =>
          (typeof field.value === 'string' && name.value === field.value) ||
          (field.found instanceof Expression &&
            name.found instanceof Expression &&
            field.found.text === name.found.text),
      );
      return same ?? (field.why !== undefined && known.length === 1 ? known[0] : undefined);
    };
    const parts = [
      ...this.#resources('aws_eks_node_group').map(([label, block]) => ({
        label,
        block,
        kind: 'group',
        owner: ownerOf(block),
      })),
      ...this.#resources('aws_eks_addon').map(([label, block]) => ({
        label,
        block,
        kind: 'addon',
        owner: ownerOf(block),
      })),
      ...this.#modules(isGroupModule).map(([label, block]) => ({
        label,
        block,
        kind: 'module',
        owner: ownerOf(block),
      })),
    ];
    const addonsOf = (own: typeof parts) =>
      own.filter((part) => part.kind === 'addon').map((part) => this.#addon(part.label, part.block));
    const groupsOf = (own: typeof parts, version: Value<string> | undefined) =>
      own
        .filter((part) => part.kind !== 'addon')
        .map((part) =>
          part.kind === 'module'
            ? this.#ownGroup(part.label, part.block, version)
            : this.#nodegroup(part.label, part.block, version),
        );
    const clusters = known.map((one) => {
      const made = one.type === 'module' ? this.#module(one.label, one.block) : undefined;
      const version = made?.version ?? one.block.get('version').text();
      const own = parts.filter((part) => part.owner === one);
      const [groups, addons] = [groupsOf(own, version), addonsOf(own)];
      if (!made) return this.#cluster(one.label, one.block, groups, addons);
      return own.length === 0
        ? made
        : {
            ...made,
            get at() {
              return one.block.at();
            },
            nodegroups: joined(made.nodegroups, groups),
            addons: joined(made.addons, addons),
          };
    });
    const strays = new Map<string, typeof parts>();
    for (const part of parts) {
      if (part.owner) continue;
      const { found } = part.block.get('cluster_name');
      const key = found instanceof Expression ? found.text : JSON.stringify(found ?? null);
      strays.set(key, [...(strays.get(key) ?? []), part]);
    }
    for (const own of strays.values()) {
      const [first] = own;
      if (first)
        clusters.push(
          clusterElsewhere(
            'terraform',
            first.block,
            first.block.get('cluster_name').text(),
            groupsOf(own, undefined),
            addonsOf(own),
          ),
        );
    }
    return clusters;
  }
}

/** The CIDRs of a rule of a security group; one of those of a list that is not known in full may be any. */
function cidrsOf(rule: Field): Value<string>[] {
  return ['cidr_blocks', 'ipv6_cidr_blocks', 'cidr_ipv4', 'cidr_ipv6']
    .map((key) => rule.get(key))
    .filter((field) => field.written)
    .flatMap((field) => {
      const all = field.texts();
      return all.complete ? all.items : [...all.items, Value.unknown<string>(all.why ?? 'not known', field.at)];
    });
}

/** A collection with more items. */
function joined<T>(first: Collection<T>, more: readonly T[]): Collection<T> {
  return new Collection([...first.items, ...more], {
    at: () => first.at,
    state: more.length > 0 ? 'set' : first.state,
    complete: first.complete,
    ...(first.why === undefined ? {} : { why: first.why }),
  });
}

const eksModule =
  /^(?:(?:registry\.terraform\.io\/|registry\.opentofu\.org\/)?terraform-aws-modules\/eks\/aws|(?:git::)?(?:(?:https|ssh|git):\/\/)?(?:git@)?github\.com[/:]terraform-aws-modules\/terraform-aws-eks(?:\.git)?)(\/\/[\w/-]+)?(?:\?|$)/;

/** The module of the Terraform registry, or its repository; submodules are not clusters. */
function isEksModule(source: unknown): boolean {
  const match = typeof source === 'string' ? eksModule.exec(source) : null;
  return match !== null && match[1] === undefined;
}
const isGroupModule = (source: unknown): boolean =>
  typeof source === 'string' &&
  /^\/\/modules\/(?:eks|self)-managed-node-group$/.test(eksModule.exec(source)?.[1] ?? '');

/** Arguments that tell of a module that it makes a cluster or its nodes. */
const telltale = [
  'kubernetes_version',
  'cluster_version',
  'endpoint_public_access',
  'cluster_endpoint_public_access',
  'eks_managed_node_groups',
  'self_managed_node_groups',
  'managed_node_groups',
  'node_groups',
];

/** Terraform files: EKS resources of the AWS provider, and the terraform-aws-eks module. */
export function read(trees: readonly Tree[]): Parts {
    const folders = new Map<string, Tree[]>();
    for (const tree of trees) {
      const folder = folderOf(tree.source.path);
      folders.set(folder, [...(folders.get(folder) ?? []), tree]);
    }
    const { scopes, unread } = scopesOf(folders);
    const read = scopes.map((scope) => new Folder(scope));
    const clusters = read.flatMap((folder) => folder.clusters());
    const notes = read.flatMap((folder) => folder.notes);
    for (const { block, label, source } of unread)
      if (!eksModule.test(source) && telltale.some((key) => block.get(key).written))
        notes.push({
          kind: 'partial',
          message: `module.${label} is not judged: ${short(source)} is not among these files`,
          at: block.at(),
        });
    return { resources: [], clusters, notes, provided: read.flatMap((folder) => folder.provided()) };
  }
