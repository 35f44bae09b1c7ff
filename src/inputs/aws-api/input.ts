import { isRecord, table } from '#model/shape.ts';
import { type Dialect, Field, mixedList } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { type AwsResource, Description } from '#spelling/resource.ts';
import { asIs, none, type Row, type Rows, type Spelling } from '#spelling/spelling.ts';
import { folderOf } from '#sources/layout.ts';
import type { Tree } from '#syntax/tree.ts';
import { spellApi } from '../eks-api.ts';
import { documentOf } from '../document.ts';
import type { Parts } from '../input.ts';

/*
 * Answers of the AWS API: files that somebody saved, or what an audit asked. Each is a Source, so that nothing here asks where it
 * comes from. Answers that lie in one folder, and all of an audit, are told together.
 */

/** Answers hold plain data. */
const dialect: Dialect = { converts: false, unknown: () => undefined };

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

/** Lists of other services: what their items are, what names an item, and where its properties differ from those of CloudFormation. */
const lists: Readonly<Record<string, { readonly type: string; readonly id: string; readonly rows?: Rows }>> = table({
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
      `${id}/${String(number)}`,
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
      const name = `${String(own.value)}/${wanted.absent ? '$Default' : String(wanted.value)}`;
      return this.#known.has(name) ? own.naming(name) : own;
    };
}

/** The answers of one folder, or of an audit. */
class Answers {
  readonly #eks = new Map<string, { readonly key: string; readonly field: Field; readonly whole: Field }[]>();
  readonly #names = new Map<string, Field[]>();
  readonly #templates = new Templates();
  readonly #others: AwsResource[] = [];

  add(tree: Tree): void {
    if (!isRecord(tree.root)) return;
    const top = Field.of(dialect, tree, tree.root);
    for (const [key, field] of top.entries()) {
      const { arn } = ofEks[key] ?? {};
      if (arn !== undefined) {
        // arn:partition:eks:region:account:...
        const place = String(field.get(arn).value).split(':').slice(3, 5).join(':');
        this.#eks.set(place, [...(this.#eks.get(place) ?? []), { key, field, whole: top }]);
      } else if (key === 'LaunchTemplateVersions') for (const one of field.items()) this.#templates.add(one);
      else if (Object.hasOwn(lists, key)) this.#list(key, field);
      else this.#names.set(key, [...(this.#names.get(key) ?? []), top]);
    }
  }
  #list(key: string, field: Field): void {
    const { type, id, rows = {} } = lists[key] as (typeof lists)[string];
    for (const whole of field.items()) {
      const name = String(whole.get(id).value);
      const spelling: Spelling = {
        ...plain,
        rows: {
          ...rows,
          'LaunchTemplate.LaunchTemplateId': this.#templates.link(
            'LaunchTemplate.LaunchTemplateId',
            'LaunchTemplate.Version',
          ),
        },
      };
      this.#others.push({ type, id: name, title: name, whole, body: new Property(spelling, whole) });
    }
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
      .find(({ value }) => !known.has(value));
    return absent ? `${key} are listed that no answer describes` : undefined;
  }
  #resource(key: string, field: Field, index: number): AwsResource {
    const { type, arn } = ofEks[key] as (typeof ofEks)[string];
    const rows: Rows = {
      ...(key === 'cluster' ? { BootstrapSelfManagedAddons: none } : {}), // no answer tells
      ...(key === 'nodegroup'
        ? { 'LaunchTemplate.Id': this.#templates.link('launchTemplate.id', 'launchTemplate.version') }
        : {}),
    };
    const title = String(field.get(arn).value);
    return { type, id: `${key}/${index}`, title, whole: field, body: new Property(spellApi(type, rows), field) };
  }
  describe(): Description[] {
    const groups = [...this.#eks.values()];
    return (groups.length === 0 ? [[]] : groups).map((answers) => {
      const clusters = answers.filter(({ key }) => key === 'cluster');
      const named = (key: string, name: string): ReadonlySet<unknown> =>
        new Set(answers.filter((one) => one.key === key).map(({ field }) => field.get(name).value));
      const whyNot = (key: string, one: string, name: string): string | undefined =>
        clusters.length === 1 ? this.#missing(key, named(one, name)) : `several clusters may have ${key}`;
      const resources = answers.map(({ key, field, whole }, index): AwsResource => {
        const resource = this.#resource(key, field, index);
        if (key !== 'cluster') return resource;
        const [groupsWhy, addonsWhy] = [
          whyNot('nodegroups', 'nodegroup', 'nodegroupName'),
          whyNot('addons', 'addon', 'addonName'),
        ];
        const open = (why: string | undefined): Field[] =>
          why === undefined ? [] : [whole.get('nodegroups').doubted(why, true)];
        const lists = {
          'AWS::EKS::Nodegroup': open(groupsWhy),
          'AWS::EKS::Addon': open(addonsWhy),
          'AWS::EKS::PodIdentityAssociation': open('associations of EKS Pod Identity are not among the answers'),
        };
        return { ...resource, lists };
      });
      const all = [...resources, ...this.#templates.resources, ...this.#others];
      const ids = new Set(all.map(({ id }) => id));
      return new Description({
        input: 'aws',
        resources: all,
        refer: ({ value }) => (typeof value === 'string' && ids.has(value) ? { id: value } : undefined),
        mentions: () => [],
        document: documentOf,
        expression: () => undefined,
        more: undefined,
      });
    });
  }
}

/** What an audit asked comes together, whatever it is about. */
const groupOf = ({ path, isLive }: Tree['source']): string => (isLive ? '' : folderOf(path));

export function read(trees: readonly Tree[]): Parts {
  const folders = new Map<string, Answers>();
  for (const tree of trees) {
    const group = groupOf(tree.source);
    const answers = folders.get(group) ?? new Answers();
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
