import { isRecord, table } from '#model/shape.ts';
import { type Dialect, Field, mixedList } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { type AwsResource, Description } from '#spelling/resource.ts';
import { madeBody } from '#spelling/made.ts';
import { asIs, camelCase, none, type Row, type Rows, type Spelling } from '#spelling/spelling.ts';
import { folderOf } from '#sources/layout.ts';
import { leftOut } from '#sources/snapshot.ts';
import type { Tree } from '#syntax/tree.ts';
import { spellApi } from './eks-api.ts';
import { documentOf } from '../document.ts';
import type { Parts } from '../input.ts';

/*
 * Answers of the AWS API: files that somebody saved, or what an audit asked. Each is a Source, so that nothing here asks where it
 * comes from. Answers that lie in one folder, and all of an audit, are told together.
 */

/** Answers hold plain data. */
const dialect: Dialect = { converts: false, unknown: () => undefined };

/** What a stranger wrote as text: a map is none. */
const textOf = ({ value }: Field): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Objects of EKS by what the answer calls them. */
const ofEks: Readonly<Record<string, { readonly type: string; readonly arn: string }>> = table({
  cluster: { type: 'AWS::EKS::Cluster', arn: 'arn' },
  nodegroup: { type: 'AWS::EKS::Nodegroup', arn: 'nodegroupArn' },
  addon: { type: 'AWS::EKS::Addon', arn: 'addonArn' },
  fargateProfile: { type: 'AWS::EKS::FargateProfile', arn: 'fargateProfileArn' },
  accessEntry: { type: 'AWS::EKS::AccessEntry', arn: 'accessEntryArn' },
  association: { type: 'AWS::EKS::PodIdentityAssociation', arn: 'associationArn' },
});

/** Lists of CIDR blocks that the API groups by their kind (EC2 API reference, IpPermission). */
const ranges =
  (list: string, key: string): Row =>
  (rule) =>
    rule.get(list).as(
      mixedList(
        rule
          .get(list)
          .items()
          .map((one) => one.get(key)),
      ),
    );

/** A list that only some answers hold: one that is missing was not asked for. */
const told =
  (list: string, read: (items: Field) => Field = (items) => items): Row =>
  (whole) => {
    const items = whole.get(list);
    return items.absent ? items.doubted(`the answers hold no ${list}`, true) : read(items);
  };

/** Settings that a snapshot leaves out. */
const stored: Row = (addon) => {
  const values = addon.get('configurationValues');
  return values.value === leftOut ? values.doubted('a snapshot does not store it') : values;
};

/** An argument of a call, which answers do not repeat. */
const untold =
  (path: string): Row =>
  (whole) => {
    const field = path.split('.').reduce((one, key) => one.get(key), whole);
    return field.absent ? field.doubted('the API does not tell it', true) : field;
  };
/** Where answers differ from arguments (EKS API reference, AddonInfo and Cluster; describe-cluster leaves the administrator out). */
const answered: Readonly<Record<string, Rows>> = table({
  addon: {
    ConfigurationValues: stored,
    ResolveConflicts: untold('resolveConflicts'),
    PreserveOnDelete: untold('preserveOnDelete'),
  },
  cluster: {
    'AccessConfig.BootstrapClusterCreatorAdminPermissions': untold(
      'accessConfig.bootstrapClusterCreatorAdminPermissions',
    ),
  },
});

/** The document of the version of a policy that is in force (IAM API reference, PolicyVersion). */
const documentInForce: Row = (policy) => {
  const versions = policy.get('PolicyVersionList');
  const version = versions.items().find((one) => one.get('IsDefaultVersion').value === true);
  return version?.get('Document') ?? versions.doubted('the document of the policy is not among the answers', true);
};

/** Lists of other services: what their items are, what names an item, and where its properties differ from those of CloudFormation. */
interface Listed {
  readonly type: string;
  readonly id: string;
  readonly title?: string;
  readonly name?: Spelling['name'];
  readonly rows?: Rows;
}
const lists: Readonly<Record<string, Listed>> = table({
  SecurityGroups: {
    type: 'AWS::EC2::SecurityGroup',
    id: 'GroupId',
    rows: {
      SecurityGroupIngress: 'IpPermissions',
      'SecurityGroupIngress[].CidrIp': ranges('IpRanges', 'CidrIp'),
      'SecurityGroupIngress[].CidrIpv6': ranges('Ipv6Ranges', 'CidrIpv6'),
    },
  },
  AutoScalingGroups: {
    type: 'AWS::AutoScaling::AutoScalingGroup',
    id: 'AutoScalingGroupName',
  },
  LaunchConfigurations: { type: 'AWS::AutoScaling::LaunchConfiguration', id: 'LaunchConfigurationName' },
  Vpcs: { type: 'AWS::EC2::VPC', id: 'VpcId' },
  Subnets: { type: 'AWS::EC2::Subnet', id: 'SubnetId' },
  RouteTables: { type: 'AWS::EC2::RouteTable', id: 'RouteTableId' },
  NatGateways: { type: 'AWS::EC2::NatGateway', id: 'NatGatewayId' },
  VpcEndpoints: { type: 'AWS::EC2::VPCEndpoint', id: 'VpcEndpointId' },
  FlowLogs: { type: 'AWS::EC2::FlowLog', id: 'FlowLogId' },
  RoleDetailList: {
    type: 'AWS::IAM::Role',
    id: 'Arn',
    title: 'RoleName',
    rows: {
      Policies: told('RolePolicyList'),
      ManagedPolicyArns: told('AttachedManagedPolicies', (list) =>
        list.as(mixedList(list.items().map((one) => one.get('PolicyArn')))),
      ),
      PermissionsBoundary: 'PermissionsBoundary.PermissionsBoundaryArn',
    },
  },
  Policies: {
    type: 'AWS::IAM::ManagedPolicy',
    id: 'Arn',
    title: 'PolicyName',
    rows: { ManagedPolicyName: 'PolicyName', PolicyDocument: documentInForce },
  },
  Aliases: { type: 'AWS::KMS::Alias', id: 'AliasName' },
  repositories: { type: 'AWS::ECR::Repository', id: 'repositoryArn', title: 'repositoryName', name: camelCase },
  pullThroughCacheRules: { type: 'AWS::ECR::PullThroughCacheRule', id: 'ecrRepositoryPrefix', name: camelCase },
  clusterVersions: { type: 'EKS::ClusterVersion', id: 'clusterVersion', name: camelCase },
  insights: { type: 'EKS::Insight', id: 'id', title: 'name', name: camelCase },
  // What is offered, where the items are no names.
  addonVersions: { type: 'EKS::AddonVersions', id: 'addonName', name: camelCase },
});
const plain: Spelling = { name: asIs, blocks: false, rows: {} };

/** Versions of launch templates by id and number; `$Default` and `$Latest` as far as the answers tell. */
class Templates {
  readonly resources: AwsResource[] = [];
  readonly #known = new Set<string>();

  add(version: Field): void {
    const [id, number] = ['LaunchTemplateId', 'VersionNumber'].map((key) => version.get(key).value);
    if (typeof id !== 'string') return;
    const resource = (name: string): AwsResource => ({
      type: 'AWS::EC2::LaunchTemplate',
      id: name,
      title: id,
      whole: version,
      body: new Property(plain, version),
    });
    const names = [
      `${id}/${typeof number === 'number' ? number : ''}`,
      ...(version.get('DefaultVersion').value === true ? [`${id}/$Default`] : []),
    ];
    for (const name of names) {
      this.#known.add(name);
      this.resources.push(resource(name));
    }
  }
  /** The version that a use of a template names. */
  readonly link =
    (id: string, version: string): Row =>
    (use) => {
      const [own, wanted] = [id, version].map((path) =>
        path.split('.').reduce((field, key) => field.get(key), use),
      ) as [Field, Field];
      const name = `${textOf(own)}/${wanted.absent ? '$Default' : textOf(wanted)}`;
      return this.#known.has(name) ? own.naming(name) : own;
    };
}

/** The answers of one folder, or of an audit. */
class Answers {
  readonly #eks = new Map<string, { readonly key: string; readonly field: Field; readonly whole: Field }[]>();
  readonly #names = new Map<string, Field[]>();
  readonly #templates = new Templates();
  readonly #others: AwsResource[] = [];
  readonly #keys: Field[] = [];
  readonly #rotations = new Map<unknown, Field>();
  readonly #repositoryPolicies = new Map<unknown, Field>();
  readonly #unread: ReadonlyMap<string, string>;

  constructor(unread: ReadonlyMap<string, string>) {
    this.#unread = unread;
  }

  add(tree: Tree): void {
    if (!isRecord(tree.root)) return;
    const top = Field.of(dialect, tree, tree.root);
    for (const [key, field] of top.entries()) {
      const { arn } = ofEks[key] ?? {};
      if (arn !== undefined) {
        // arn:partition:eks:region:account:...
        const place = textOf(field.get(arn)).split(':').slice(3, 5).join(':');
        this.#eks.set(place, [...(this.#eks.get(place) ?? []), { key, field, whole: top }]);
      } else if (key === 'LaunchTemplateVersions') for (const one of field.items()) this.#templates.add(one);
      else if (key === 'addons' && field.items().some(({ map }) => map)) this.#list('addonVersions', field);
      else if (Object.hasOwn(lists, key)) this.#list(key, field);
      else if (key === 'KeyMetadata') this.#keys.push(field);
      else if (key === 'KeyRotationEnabled') this.#rotations.set(top.get('KeyId').value, field);
      else if (key === 'policyText') this.#repositoryPolicies.set(top.get('repositoryName').value, field);
      else if (key === 'scanningConfiguration')
        this.#others.push({
          type: 'AWS::ECR::RegistryScanningConfiguration',
          id: key,
          title: key,
          whole: field,
          body: new Property({ ...plain, name: camelCase }, field),
        });
      else this.#names.set(key, [...(this.#names.get(key) ?? []), top]);
    }
  }
  #list(key: string, field: Field): void {
    const { type, id, title = id, name = asIs, rows = {} } = lists[key] as Listed;
    for (const whole of field.items()) {
      const spelling: Spelling = {
        ...plain,
        name,
        rows: {
          ...rows,
          'LifecyclePolicy.LifecyclePolicyText': told('lifecyclePolicyText'),
          RepositoryPolicyText: (one) =>
            this.#repositoryPolicies.get(one.get('repositoryName').value) ?? one.get('policyText'),
          'LaunchTemplate.LaunchTemplateId': this.#templates.link(
            'LaunchTemplate.LaunchTemplateId',
            'LaunchTemplate.Version',
          ),
        },
      };
      const [own, shown] = [id, title].map((one) => textOf(whole.get(one)));
      this.#others.push({ type, id: own ?? '', title: shown ?? '', whole, body: new Property(spelling, whole) });
    }
  }
  /** The keys of customers: AWS rotates its own (KMS Developer Guide, Rotating AWS KMS keys). */
  #customerKeys(): AwsResource[] {
    const rows: Rows = {
      EnableKeyRotation: (key) =>
        ['Arn', 'KeyId'].map((one) => this.#rotations.get(key.get(one).value)).find((one) => one !== undefined) ??
        key
          .get('KeyRotationEnabled')
          .doubted(this.#unread.get('KMS::KeyRotation') ?? 'the rotation of the key is not among the answers', true),
    };
    return this.#keys
      .filter((key) => key.get('KeyManager').value !== 'AWS')
      .map((whole) => {
        const id = textOf(whole.get('Arn'));
        return {
          type: 'AWS::KMS::Key',
          id,
          title: textOf(whole.get('KeyId')),
          whole,
          body: new Property({ ...plain, rows }, whole),
        };
      });
  }
  /** Which route table counts for which subnet: the main one of the VPC for subnets that name none (VPC User Guide, Subnet route tables). */
  #associations(): AwsResource[] {
    const of = (type: string): Field[] => this.#others.filter((one) => one.type === type).map(({ whole }) => whole);
    const [tables, subnets] = [of('AWS::EC2::RouteTable'), of('AWS::EC2::Subnet')];
    const associations = tables.flatMap((table) =>
      table
        .get('Associations')
        .items()
        .map((one) => ({ table, subnet: one.get('SubnetId'), isMain: one.get('Main').value === true })),
    );
    const named = new Set(associations.map(({ subnet }) => subnet.value));
    const all = associations.flatMap(({ table, subnet, isMain }) =>
      isMain
        ? subnets
            .filter(
              (one) => one.get('VpcId').value === table.get('VpcId').value && !named.has(one.get('SubnetId').value),
            )
            .map((one) => ({ table, subnet: one.get('SubnetId') }))
        : subnet.absent
          ? []
          : [{ table, subnet }],
    );
    return all.map(({ table, subnet }) => {
      const id = `${textOf(table.get('RouteTableId'))}/${textOf(subnet)}`;
      return {
        type: 'AWS::EC2::SubnetRouteTableAssociation',
        id,
        title: id,
        whole: table,
        body: madeBody(table, { SubnetId: subnet, RouteTableId: table.get('RouteTableId') }),
      };
    });
  }

  /** Why there may be more of a kind than these names; undefined where one whole list names no others. */
  #missing(key: string, known: ReadonlySet<unknown>): string | undefined {
    const all = this.#names.get(key) ?? [];
    const whole = all.filter((top) => top.get('nextToken').absent);
    const [list] = whole;
    if (!list || all.length !== 1) return `no answer lists all ${key}`;
    const absent = list
      .get(key)
      .items()
      .find((one) => !known.has(key === 'associations' ? one.get('associationArn').value : one.value));
    return absent ? `${key} are listed that no answer describes` : undefined;
  }
  #resource(key: string, field: Field, index: number): AwsResource {
    const { type, arn } = ofEks[key] as (typeof ofEks)[string];
    const rows: Rows = {
      ...(key === 'cluster' ? { BootstrapSelfManagedAddons: none } : {}), // no answer tells
      ...(key === 'nodegroup'
        ? { 'LaunchTemplate.Id': this.#templates.link('launchTemplate.id', 'launchTemplate.version') }
        : {}),
      ...answered[key],
    };
    const title = textOf(field.get(arn));
    return { type, id: `${key}/${index}`, title, whole: field, body: new Property(spellApi(type, rows), field) };
  }
  describe(): Description[] {
    const groups = [...this.#eks.values()];
    this.#others.push(...this.#customerKeys(), ...this.#associations());
    return (groups.length === 0 ? [[]] : groups).map((answers) => {
      const clusters = answers.filter(({ key }) => key === 'cluster');
      const named = (key: string, name: string): ReadonlySet<unknown> =>
        new Set(answers.filter((one) => one.key === key).map(({ field }) => field.get(name).value));
      const whyNot = (key: string, one: string, name: string): string | undefined =>
        clusters.length === 1 ? this.#missing(key, named(one, name)) : `several clusters may have ${key}`;
      const resources = answers.map(({ key, field, whole }, index): AwsResource => {
        const resource = this.#resource(key, field, index);
        if (key !== 'cluster') return resource;
        const open = (list: string, one: string, name: string): Field[] => {
          const why = whyNot(list, one, name);
          return why === undefined ? [] : [whole.get(list).doubted(why, true)];
        };
        const lists = {
          'AWS::EKS::Nodegroup': open('nodegroups', 'nodegroup', 'nodegroupName'),
          'AWS::EKS::Addon': open('addons', 'addon', 'addonName'),
          'AWS::EKS::PodIdentityAssociation': open('associations', 'association', 'associationArn'),
        };
        return { ...resource, lists };
      });
      const all = [...resources, ...this.#templates.resources, ...this.#others];
      const ids = new Set(all.map(({ id }) => id));
      // Keys go by their ARN, and by their id.
      const keyIds = new Map(this.#keys.map((key) => [textOf(key.get('KeyId')), textOf(key.get('Arn'))] as const));
      return new Description({
        input: 'aws',
        resources: all,
        refer: ({ value }) =>
          typeof value === 'string' && ids.has(keyIds.get(value) ?? value)
            ? { id: keyIds.get(value) ?? value }
            : undefined,
        mentions: () => [],
        document: policyOrText,
        expression: () => undefined,
        more: undefined,
        unreadTypes: this.#unread,
      });
    });
  }
}

/** A document: a map, or a text. IAM encodes policies as part of a URL (IAM API reference, PolicyVersion). */
function policyOrText(field: Field): Field {
  const { value } = field;
  if (typeof value !== 'string' || !/^\s*%7b/i.test(value)) return documentOf(field);
  try {
    return field.as(JSON.parse(decodeURIComponent(value)));
  } catch {
    return field.doubted('the policy document cannot be read');
  }
}

/** What an audit asked comes together, whatever it is about. */
const groupOf = ({ path, isLive }: Tree['source']): string => (isLive ? '' : folderOf(path));

/** `unread`: types of which an audit could not read all resources, and why. */
export function readAnswers(trees: readonly Tree[], unread: ReadonlyMap<string, string> = new Map()): Parts {
  const folders = new Map<string, Answers>();
  for (const tree of trees) {
    const group = groupOf(tree.source);
    const answers = folders.get(group) ?? new Answers(unread);
    folders.set(group, answers);
    answers.add(tree);
  }
  return {
    resources: [],
    clusters: [],
    notes: [],
    descriptions: [...folders.values()].flatMap((one) => one.describe()),
  };
}

export const read = (trees: readonly Tree[]): Parts => readAnswers(trees);
