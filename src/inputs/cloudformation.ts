import type { Addon, Cluster, Nodegroup } from '#model/cluster.ts';
import { isRecord } from '#model/shape.ts';
import { Collection, Value } from '#model/value.ts';
import { locate, type Location, type Tree } from '#syntax/tree.ts';
import { derive, type Dialect, Field, type Resolved, unknownList } from './field.ts';
import type { Input } from './input.ts';
import { clusterElsewhere, imdsOf, type Ingress, loginCidrs, machinesOf, unknownImds } from './nodes.ts';

/* Field names: CloudFormation Template Reference, AWS::EKS::*. CloudFormation passes on what is written, so defaults are those of the EKS API (CreateCluster, CreateNodegroup). */

const isFunction = /^(Ref|Condition|Fn::.+)$/;

/** Name and argument of an intrinsic function. */
function intrinsic(value: unknown): readonly [string, unknown] | undefined {
  if (!isRecord(value)) return undefined;
  const keys = Object.keys(value);
  const [name] = keys;
  return keys.length === 1 && name !== undefined && isFunction.test(name) ? [name, value[name]] : undefined;
}

/** What `Ref` and `Fn::GetAtt` name: a logical id. */
function target(value: unknown): string | undefined {
  const call = intrinsic(value);
  if (call?.[0] === 'Ref') return typeof call[1] === 'string' ? call[1] : undefined;
  if (call?.[0] !== 'Fn::GetAtt') return undefined;
  const [, argument] = call;
  const first: unknown = Array.isArray(argument)
    ? argument[0]
    : typeof argument === 'string'
      ? argument.split('.')[0]
      : undefined;
  return typeof first === 'string' ? first : undefined;
}

const addLater = 'another template may add more';
const metadataKeys = { tokens: 'HttpTokens', hops: 'HttpPutResponseHopLimit', endpoint: 'HttpEndpoint' };

/** One template with the look-ups that its resources need. */
class Template {
  readonly #tree: Tree;
  readonly #top: Field;
  readonly #resources = new Map<string, { readonly type: string; readonly whole: Field; readonly body: Field }>();
  readonly #parameters: Record<string, unknown>;
  #mapped = false;

  constructor(tree: Tree, root: Record<string, unknown>) {
    this.#tree = tree;
    this.#parameters = isRecord(root['Parameters']) ? root['Parameters'] : {};
    const dialect: Dialect = {
      converts: true,
      unknown: (value) => this.#unknown(value),
      gap: (on) => (Object.hasOwn(on, 'Fn::Transform') ? 'a macro adds to this part of the template' : undefined),
      resolve: (value) => this.#resolve(value),
    };
    this.#top = Field.of(dialect, tree, root);
    for (const [id, whole] of this.#top.get('Resources').entries()) {
      const { value: type } = whole.get('Type');
      if (typeof type === 'string') this.#resources.set(id, { type, whole, body: whole.get('Properties') });
    }
  }

  /** `AWS::NoValue` takes its key away, a Sub without `${` is its text, and an entry of a map with three plain names is known. */
  #resolve(value: unknown): Resolved | undefined {
    const [name, argument] = intrinsic(value) ?? [];
    if (name === 'Ref' && argument === 'AWS::NoValue') return { value: undefined };
    if (name === 'Fn::Sub' && typeof argument === 'string' && !argument.includes('${')) return { value: argument };
    if (
      name !== 'Fn::FindInMap' ||
      !Array.isArray(argument) ||
      argument.length !== 3 ||
      !argument.every((step) => typeof step === 'string')
    )
      return undefined;
    if (this.#mapped) return undefined; // maps hold no functions
    this.#mapped = true;
    const field = this.#top.path('Mappings', ...(argument as string[]));
    this.#mapped = false;
    return field.absent ? undefined : { field, moved: true };
  }

  #unknown(value: unknown): string | undefined {
    const call = intrinsic(value);
    if (!call) return undefined;
    const [name, argument] = call;
    if (name !== 'Ref' || typeof argument !== 'string') return `the outcome of ${name} is not known before deployment`;
    const parameter = this.#parameters[argument];
    if (!isRecord(parameter)) return `what ${argument} stands for is not known before deployment`;
    const fallback = parameter['Default'];
    return `parameter ${argument} may be overridden${fallback === undefined || typeof fallback === 'object' ? '' : `; its default is ${JSON.stringify(fallback)}`}`;
  }

  /** Resources of one type by logical id. */
  #of(type: string): [string, Field, Field][] {
    return [...this.#resources].filter(([, one]) => one.type === type).map(([id, one]) => [id, one.body, one.whole]);
  }
  /** The resource of this template that a field refers to. */
  #linked(field: Field): { readonly id: string; readonly type: string; readonly body: Field } | undefined {
    const id = target(field.raw);
    const found = id === undefined ? undefined : this.#resources.get(id);
    return found && id !== undefined ? { id, ...found } : undefined;
  }

  /** Version and features by parameter stay unknown; a key of this template or of its own type of parameter is one for certain. */
  #given(field: Field, types: RegExp): Value<string> {
    const linked = this.#linked(field);
    if (linked && types.test(linked.type)) return Value.set(linked.id, field.at);
    const id = target(field.raw);
    const parameter = id === undefined ? undefined : this.#parameters[id];
    if (
      isRecord(parameter) &&
      typeof parameter['Type'] === 'string' &&
      types.test(parameter['Type']) &&
      id !== undefined
    )
      return Value.set(id, field.at);
    return field.text();
  }

  #secretsKey(body: Field): Value<string> {
    const config = body.get('EncryptionConfig');
    if (config.why !== undefined) return Value.unknown(config.why, config.at);
    const [first] = Array.isArray(config.value) ? config.items() : config.map ? [config] : [];
    if (!first) return Value.default<string>(undefined, config.at);
    return this.#given(first.path('Provider', 'KeyArn'), /^AWS::KMS::/);
  }

  #logging(body: Field): Collection<Value<string>> {
    const types = body.path('Logging', 'ClusterLogging', 'EnabledTypes');
    const { at, why } = types;
    if (why !== undefined) return unknownList(why, at);
    if (types.absent) return new Collection<Value<string>>([], { at, state: 'default' });
    if (!Array.isArray(types.value)) return unknownList('EnabledTypes is no list', at);
    return new Collection(
      types.items().map((item) => item.get('Type').text()),
      { at },
    );
  }

  #cluster(id: string, body: Field, whole: Field, nodegroups: readonly Nodegroup[], addons: readonly Addon[]): Cluster {
    const name = body.get('Name').text();
    const network = body.get('ResourcesVpcConfig');
    const outpost = body.get('OutpostConfig');
    return {
      kind: 'cluster',
      input: 'cloudformation',
      tree: this.#tree,
      object: body.map ?? whole.map,
      get at() {
        return whole.at();
      },
      subject: { kind: 'cluster', namespace: '', name: name.value ?? id },
      name,
      version: body.get('Version').text(),
      endpoint: {
        public: network.get('EndpointPublicAccess').bool(true),
        private: network.get('EndpointPrivateAccess').bool(false),
        publicCidrs: network.get('PublicAccessCidrs').filled(['0.0.0.0/0']),
      },
      logging: this.#logging(body),
      secretsKey: this.#secretsKey(body),
      supportType: body.path('UpgradePolicy', 'SupportType').text('EXTENDED'),
      authenticationMode: body.path('AccessConfig', 'AuthenticationMode').text('CONFIG_MAP'),
      deletionProtection: body.get('DeletionProtection').bool(false),
      autoMode: body.path('ComputeConfig', 'Enabled').bool(false),
      outpost:
        outpost.why !== undefined
          ? Value.unknown(outpost.why, outpost.at)
          : outpost.written
            ? Value.set(true, outpost.at)
            : Value.default(false, outpost.at),
      nodegroups: new Collection(nodegroups, {
        at: whole.at,
        state: nodegroups.length > 0 ? 'set' : 'default',
        complete: false,
        why: addLater,
      }),
      addons: new Collection(addons, {
        at: whole.at,
        state: addons.length > 0 ? 'set' : 'default',
        complete: false,
        why: addLater,
      }),
    };
  }

  /** Rules of a security group, those beside it included. */
  #ingress(id: string, group: Field): { rules: Ingress[]; why: string | undefined } {
    const inline = group.get('SecurityGroupIngress');
    const beside = this.#of('AWS::EC2::SecurityGroupIngress')
      .map(([, body]) => body)
      .filter((body) => this.#linked(body.get('GroupId'))?.id === id);
    const rules = [...(inline.map ? [inline] : inline.items()), ...beside].map((rule): Ingress => ({
      protocol: rule.get('IpProtocol').text(),
      from: rule.get('FromPort').number(),
      to: rule.get('ToPort').number(),
      cidrs: ['CidrIp', 'CidrIpv6']
        .map((key) => rule.get(key))
        .filter((cidr) => cidr.written)
        .map((cidr) => cidr.text()),
    }));
    return { rules, why: inline.why };
  }

  #access(group: Field, template: Field | undefined): Nodegroup['remoteAccess'] {
    const remote = group.get('RemoteAccess');
    const key =
      [remote.get('Ec2SshKey'), template?.get('KeyName')].find((field) => field?.written) ?? remote.get('Ec2SshKey');
    const enabled: Value<boolean> = key.absent
      ? Value.default(false, key.at)
      : derive(this.#given(key, /^AWS::EC2::KeyPair/), () => true);
    const sourceSecurityGroups = remote.get('SourceSecurityGroups').texts();
    const items: Value<string>[] = [];
    let why: string | undefined;
    const at = (): Location => enabled.at;
    // EKS API, RemoteAccessConfig: a key without source groups opens port 22 to everyone.
    if (remote.get('Ec2SshKey').written) {
      if (!sourceSecurityGroups.complete) why = sourceSecurityGroups.why;
      else if (sourceSecurityGroups.items.length === 0)
        items.push(
          enabled.value === true ? Value.default('0.0.0.0/0', at) : Value.unknown(enabled.why ?? 'not known', at),
        );
    }
    const attached = template
      ? [
          template.get('SecurityGroupIds'),
          ...template
            .get('NetworkInterfaces')
            .items()
            .map((one) => one.get('Groups')),
        ]
      : [];
    for (const list of attached) {
      why ??= list.why;
      for (const item of list.items()) {
        const linked = this.#linked(item);
        // The cluster's own security group lets only members in (EKS User Guide, security group requirements).
        if (linked?.type === 'AWS::EKS::Cluster') continue;
        if (linked?.type !== 'AWS::EC2::SecurityGroup')
          why ??= 'a security group of the nodes is not described in this template';
        else {
          const { rules, why: gap } = this.#ingress(linked.id, linked.body);
          why ??= gap;
          items.push(...loginCidrs(rules));
        }
      }
    }
    return {
      enabled,
      sourceSecurityGroups,
      openCidrs: new Collection(items, {
        at,
        state: 'default',
        complete: why === undefined,
        ...(why === undefined ? {} : { why }),
      }),
    };
  }

  /** The launch template of a node group: its contents, nothing where there is none, or why it cannot be read. */
  #template(group: Field): Field | string | undefined {
    const reference = group.get('LaunchTemplate');
    if (reference.why !== undefined) return reference.why;
    if (reference.absent) return undefined;
    const byId = reference.get('Id');
    const byName = reference.get('Name');
    const linked = this.#linked(byId) ?? this.#linked(byName);
    if (linked?.type === 'AWS::EC2::LaunchTemplate') return linked.body.get('LaunchTemplateData');
    const { value: name } = byName;
    const named =
      typeof name === 'string'
        ? this.#of('AWS::EC2::LaunchTemplate').find(([, body]) => body.get('LaunchTemplateName').value === name)
        : undefined;
    return named ? named[1].get('LaunchTemplateData') : 'the launch template is not described in this template';
  }

  #nodegroup(id: string, group: Field, whole: Field, clusterVersion: Value<string> | undefined): Nodegroup {
    const name = group.get('NodegroupName').text();
    const found = this.#template(group);
    const template = found instanceof Field ? found : undefined;
    const missing = typeof found === 'string' ? found : undefined;
    const reference = group.get('LaunchTemplate').at;
    const version = group.get('Version').text();
    const machines = machinesOf(
      found,
      reference,
      [group.get('InstanceTypes'), group.get('AmiType')],
      ['InstanceType', 'ImageId'],
      version,
      clusterVersion,
    );
    return {
      kind: 'nodegroup',
      input: 'cloudformation',
      tree: this.#tree,
      object: group.map ?? whole.map,
      managed: true,
      get at() {
        return whole.at();
      },
      subject: { kind: 'nodegroup', namespace: '', name: name.value ?? id },
      name,
      version,
      ...machines,
      capacityType: group.get('CapacityType').text('ON_DEMAND'),
      imds:
        missing !== undefined
          ? unknownImds(missing, reference)
          : imdsOf(template?.get('MetadataOptions'), metadataKeys, machines.amiType, whole.at),
      remoteAccess:
        missing === undefined
          ? this.#access(group, template)
          : {
              enabled: Value.unknown(missing, reference),
              sourceSecurityGroups: unknownList(missing, reference),
              openCidrs: unknownList(missing, reference),
            },
      addonPolicies: Value.default<boolean>(false, whole.at),
    };
  }

  #addon(id: string, addon: Field, whole: Field): Addon {
    const name = addon.get('AddonName').text();
    return {
      kind: 'addon',
      input: 'cloudformation',
      tree: this.#tree,
      object: addon.map ?? whole.map,
      get at() {
        return whole.at();
      },
      subject: { kind: 'addon', namespace: '', name: name.value ?? id },
      name,
      version: addon.get('AddonVersion').text(),
    };
  }

  clusters(): Cluster[] {
    const known = this.#of('AWS::EKS::Cluster');
    /** The cluster a part names: by reference, by name, or because the template has no other and the name is not known. */
    const ownerOf = (part: Field): string => {
      const field = part.get('ClusterName');
      const linked = this.#linked(field);
      if (linked?.type === 'AWS::EKS::Cluster') return linked.id;
      const parameter = target(field.raw);
      const match = known.find(([, body]) => {
        const own = body.get('Name');
        return field.why === undefined
          ? typeof field.value === 'string' && own.value === field.value
          : parameter !== undefined && target(own.raw) === parameter;
      });
      if (match) return match[0];
      const [only] = known;
      return field.why !== undefined && known.length === 1 && only ? only[0] : '';
    };
    const groups = this.#of('AWS::EKS::Nodegroup').map(([id, body, whole]) => ({
      id,
      body,
      whole,
      owner: ownerOf(body),
    }));
    const addons = this.#of('AWS::EKS::Addon').map(([id, body, whole]) => ({ id, body, whole, owner: ownerOf(body) }));
    const clusters = known.map(([id, body, whole]) => {
      const version = body.get('Version').text();
      return this.#cluster(
        id,
        body,
        whole,
        groups
          .filter((group) => group.owner === id)
          .map((group) => this.#nodegroup(group.id, group.body, group.whole, version)),
        addons.filter((addon) => addon.owner === id).map((addon) => this.#addon(addon.id, addon.body, addon.whole)),
      );
    });
    const strays = new Map<string, { part: Field; name: Value<string>; groups: Nodegroup[]; addons: Addon[] }>();
    const strayOf = (part: Field, whole: Field) => {
      const field = part.get('ClusterName');
      const key = JSON.stringify(field.raw ?? null);
      const stray = strays.get(key) ?? { part: whole, name: field.text(), groups: [], addons: [] };
      strays.set(key, stray);
      return stray;
    };
    for (const { id, body, whole, owner } of groups)
      if (owner === '') strayOf(body, whole).groups.push(this.#nodegroup(id, body, whole, undefined));
    for (const { id, body, whole, owner } of addons)
      if (owner === '') strayOf(body, whole).addons.push(this.#addon(id, body, whole));
    for (const stray of strays.values())
      clusters.push(clusterElsewhere('cloudformation', stray.part, stray.name, stray.groups, stray.addons));
    return clusters;
  }
}

/** CloudFormation templates, in YAML or JSON. */
const cloudformation: Input = {
  id: 'cloudformation',
  claims({ root, language }) {
    if (language !== 'yaml' || !isRecord(root) || 'apiVersion' in root) return false;
    return (
      'AWSTemplateFormatVersion' in root ||
      (isRecord(root['Resources']) &&
        Object.values(root['Resources']).some(
          (resource) =>
            isRecord(resource) && typeof resource['Type'] === 'string' && /^AWS::\w+::/.test(resource['Type']),
        ))
    );
  },
  read(trees) {
    const clusters: Cluster[] = [];
    const notes: ReturnType<Input['read']>['notes'] = [];
    for (const tree of trees) {
      const { root } = tree;
      if (!isRecord(root)) continue;
      clusters.push(...new Template(tree, root).clusters());
      const loop = Object.keys(isRecord(root['Resources']) ? root['Resources'] : {}).find((key) =>
        key.startsWith('Fn::'),
      );
      if (loop !== undefined)
        notes.push({
          kind: 'partial',
          message: `resources made by ${loop} are not judged`,
          at: locate(tree, root['Resources'] as object, loop),
        });
    }
    return { resources: [], clusters, notes };
  },
};

export default cloudformation;
