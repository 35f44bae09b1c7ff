import { apiOmits, isNotAnswered, isUnreadable } from '#model/hidden.ts';
import { isRecord, table } from '#model/shape.ts';
import { type Dialect, Field, mixedList, mixedMap } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { type AwsResource, Description } from '#spelling/resource.ts';
import { madeBody } from '#spelling/made.ts';
import { asIs, camelCase, type Row, type Rows, type Spelling } from '#spelling/spelling.ts';
import { folderOf } from '#sources/layout.ts';
import { notStored } from '#syntax/tree.ts';
import type { Tree } from '#syntax/tree.ts';
import { spellApi } from './eks-api.ts';
import { documentOf } from '../document.ts';
import type { Parts } from '../input.ts';

/*
 * Answers of the AWS API: files that someone saved, or what an audit asked for. Each is a Source, so nothing here
 * depends on where it comes from. Answers in one folder, and all those of an audit, are described together.
 */

/** Answers hold plain data. */
const dialect: Dialect = { converts: false, unknown: () => undefined };

/** A foreign value in place of a map counts as none. */
const textOf = ({ value }: Field): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/**
 * An EKS object, and the list that names all of them: which field of an item holds the name if the item is not a name,
 * and which field of the object does.
 */
interface OfEks {
  readonly type: string;
  readonly arn: string;
  readonly list?: { readonly key: string; readonly item?: string; readonly name: string };
}
/** EKS objects by the name of their field in the answer. */
const ofEks: Readonly<Record<string, OfEks>> = table<OfEks>({
  cluster: { type: 'AWS::EKS::Cluster', arn: 'arn' },
  nodegroup: {
    type: 'AWS::EKS::Nodegroup',
    arn: 'nodegroupArn',
    list: { key: 'nodegroups', name: 'nodegroupName' },
  },
  addon: { type: 'AWS::EKS::Addon', arn: 'addonArn', list: { key: 'addons', name: 'addonName' } },
  fargateProfile: {
    type: 'AWS::EKS::FargateProfile',
    arn: 'fargateProfileArn',
    list: { key: 'fargateProfileNames', name: 'fargateProfileName' },
  },
  accessEntry: {
    type: 'AWS::EKS::AccessEntry',
    arn: 'accessEntryArn',
    list: { key: 'accessEntries', name: 'principalArn' },
  },
  association: {
    type: 'AWS::EKS::PodIdentityAssociation',
    arn: 'associationArn',
    list: { key: 'associations', item: 'associationArn', name: 'associationArn' },
  },
  capability: {
    type: 'AWS::EKS::Capability',
    arn: 'arn',
    list: { key: 'capabilities', item: 'capabilityName', name: 'capabilityName' },
  },
  identityProviderConfig: {
    type: 'AWS::EKS::IdentityProviderConfig',
    arn: 'oidc.identityProviderConfigArn',
    list: { key: 'identityProviderConfigs', item: 'name', name: 'oidc.identityProviderConfigName' },
  },
});
/** Region and account of an EKS object: arn:partition:eks:region:account:... */
const placeIn = (key: string, object: Field): string =>
  textOf(walk(object, ofEks[key]?.arn ?? ''))
    .split(':')
    .slice(3, 5)
    .join(':');
const accountIn = (key: string, object: Field): string => placeIn(key, object).split(':')[1] ?? '';
/** A place as keys joined by dots. */
const walk = (field: Field, path: string): Field => path.split('.').reduce((one, key) => one.get(key), field);

/** What EKS fills in for the types of nodes, which accept no other values (EKS API reference, CreateAccessEntry). */
const ofPeople =
  (key: string): Row =>
  (entry) => {
    const type = entry.get('type');
    return type.absent || type.value === 'STANDARD' ? entry.get(key) : entry.get(key).nothing();
  };

/** What each item of a list holds under a key: CIDR blocks and groups (EC2 API reference, IpPermission), ids. */
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

/** What the first item of a list holds. */
const firstOf =
  (list: string, key: string): Row =>
  (whole) =>
    (whole.get(list).items()[0] ?? whole.get(list)).get(key);

/** The matching items of a list that CloudFormation has as a separate list. */
const chosen =
  (list: string, fits: (item: Field) => boolean): Row =>
  (whole) => {
    const items = whole.get(list);
    return items.absent ? items : items.as(mixedList(items.items().filter(fits)));
  };

/** A list that only some answers contain: a missing one was not asked for. */
const told =
  (list: string, read: (items: Field) => Field = (items) => items): ((whole: Field) => Field) =>
  (whole) => {
    const items = whole.get(list);
    return items.absent ? items.doubted(isNotAnswered(list), true) : read(items);
  };

/** Settings that a snapshot omits. */
const stored: Row = (addon) => {
  const values = addon.get('configurationValues');
  return values.value === notStored ? values.doubted('a snapshot does not store it') : values;
};

/** An argument of a call, which answers omit. */
const untold =
  (path: string): Row =>
  (whole) => {
    const field = walk(whole, path);
    return field.absent ? field.doubted(apiOmits, true) : field;
  };
/**
 * Where answers differ from arguments (EKS API reference, Addon, AccessEntry and Cluster; describe-cluster omits the
 * administrator).
 */
const answered: Readonly<Record<string, Rows>> = table({
  addon: {
    ConfigurationValues: stored,
    ResolveConflicts: untold('resolveConflicts'),
    PreserveOnDelete: untold('preserveOnDelete'),
  },
  accessEntry: { Username: ofPeople('username'), KubernetesGroups: ofPeople('kubernetesGroups') },
  identityProviderConfig: {
    IdentityProviderConfigName: 'oidc.identityProviderConfigName',
    ClusterName: 'oidc.clusterName',
  },
  cluster: {
    'AccessConfig.BootstrapClusterCreatorAdminPermissions': untold(
      'accessConfig.bootstrapClusterCreatorAdminPermissions',
    ),
  },
});

/** The document of the version of a policy that is the default (IAM API reference, PolicyVersion). */
const documentInForce: Row = (policy) => {
  const versions = policy.get('PolicyVersionList');
  const version = versions.items().find((one) => one.get('IsDefaultVersion').value === true);
  return version?.get('Document') ?? versions.doubted(isNotAnswered('the policy document'), true);
};

/**
 * Lists of other services: the type of their items, the field that names an item, and where its properties differ from
 * those of CloudFormation.
 */
interface Listed {
  readonly type: string;
  /** Missing if nothing refers to the items, or only by their name. */
  readonly id?: string;
  readonly title?: string;
  readonly name?: Spelling['name'];
  readonly rows?: Rows;
}
const lists: Readonly<Record<string, Listed>> = table<Listed>({
  SecurityGroups: {
    type: 'AWS::EC2::SecurityGroup',
    id: 'GroupId',
    rows: {
      SecurityGroupIngress: 'IpPermissions',
      'SecurityGroupIngress[].CidrIp': ranges('IpRanges', 'CidrIp'),
      'SecurityGroupIngress[].CidrIpv6': ranges('Ipv6Ranges', 'CidrIpv6'),
      'SecurityGroupIngress[].SourceSecurityGroupId': ranges('UserIdGroupPairs', 'GroupId'),
      SecurityGroupEgress: 'IpPermissionsEgress',
      'SecurityGroupEgress[].CidrIp': ranges('IpRanges', 'CidrIp'),
      'SecurityGroupEgress[].CidrIpv6': ranges('Ipv6Ranges', 'CidrIpv6'),
      'SecurityGroupEgress[].DestinationSecurityGroupId': ranges('UserIdGroupPairs', 'GroupId'),
    },
  },
  AutoScalingGroups: { type: 'AWS::AutoScaling::AutoScalingGroup' },
  LaunchConfigurations: { type: 'AWS::AutoScaling::LaunchConfiguration' },
  Vpcs: { type: 'AWS::EC2::VPC', id: 'VpcId' },
  Subnets: {
    type: 'AWS::EC2::Subnet',
    id: 'SubnetId',
    rows: { Ipv6CidrBlock: firstOf('Ipv6CidrBlockAssociationSet', 'Ipv6CidrBlock') },
  },
  RouteTables: { type: 'AWS::EC2::RouteTable', id: 'RouteTableId' },
  NatGateways: {
    type: 'AWS::EC2::NatGateway',
    id: 'NatGatewayId',
    rows: { AllocationId: firstOf('NatGatewayAddresses', 'AllocationId') },
  },
  VpcEndpoints: { type: 'AWS::EC2::VPCEndpoint', id: 'VpcEndpointId' },
  FlowLogs: { type: 'AWS::EC2::FlowLog', id: 'FlowLogId' },
  // Rules for both directions are in one list (EC2 API reference, NetworkAcl).
  NetworkAcls: {
    type: 'AWS::EC2::NetworkAcl',
    id: 'NetworkAclId',
    rows: {
      Ingress: chosen('Entries', (entry) => entry.get('Egress').value !== true),
      Egress: chosen('Entries', (entry) => entry.get('Egress').value === true),
      SubnetIds: ranges('Associations', 'SubnetId'),
    },
  },
  Parameters: { type: 'AWS::SSM::Parameter', id: 'Name' },
  DBInstances: {
    type: 'AWS::RDS::DBInstance',
    id: 'DBInstanceIdentifier',
    rows: { VPCSecurityGroups: ranges('VpcSecurityGroups', 'VpcSecurityGroupId') },
  },
  DBClusters: {
    type: 'AWS::RDS::DBCluster',
    id: 'DBClusterIdentifier',
    rows: { VpcSecurityGroupIds: ranges('VpcSecurityGroups', 'VpcSecurityGroupId') },
  },
  Items: { type: 'AWS::ApiGatewayV2::Integration', id: 'IntegrationId' },
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
  FileSystems: {
    type: 'AWS::EFS::FileSystem',
    id: 'FileSystemId',
    rows: { FileSystemTags: 'Tags' },
  },
  MountTargets: {
    type: 'AWS::EFS::MountTarget',
    id: 'MountTargetId',
    rows: { SecurityGroups: told('SecurityGroups') },
  },
  logGroups: { type: 'AWS::Logs::LogGroup', id: 'logGroupName', name: camelCase },
  Aliases: { type: 'AWS::KMS::Alias', id: 'AliasName' },
  repositories: { type: 'AWS::ECR::Repository', id: 'repositoryArn', title: 'repositoryName', name: camelCase },
  pullThroughCacheRules: { type: 'AWS::ECR::PullThroughCacheRule', id: 'ecrRepositoryPrefix', name: camelCase },
  clusterVersions: { type: 'EKS::ClusterVersion', id: 'clusterVersion', name: camelCase },
  insights: { type: 'EKS::Insight', id: 'id', title: 'name', name: camelCase },
  // Offered versions, whose items are not names.
  addonVersions: { type: 'EKS::AddonVersions', id: 'addonName', name: camelCase },
});
const plain: Spelling = { name: asIs, blocks: false, rows: {} };

/**
 * A connected cluster that runs elsewhere: the defaults of EKS do not apply to it (EKS User Guide, Amazon EKS
 * Connector).
 */
const asTold = (cluster: Field): Field =>
  cluster.get('connectorConfig').absent
    ? cluster
    : cluster.as(
        mixedMap(new Map(cluster.entries()), [
          cluster.doubted('this is a connected cluster, and EKS does not know its settings'),
        ]),
      );

/** A VPC that another account shares with the account of the clusters. */
const isOfOthers = ({ type, whole }: AwsResource, accounts: ReadonlySet<string>): boolean =>
  type === 'AWS::EC2::VPC' &&
  accounts.size > 0 &&
  !whole.get('OwnerId').absent &&
  !accounts.has(textOf(whole.get('OwnerId')));
/** What only its owner can see (VPC User Guide, Share your VPC subnets with other accounts). */
const hiddenParts = (vpc: Field): Record<string, Field[]> => {
  const why = 'the VPC belongs to another account, and only its owner can see this';
  return {
    'AWS::EC2::FlowLog': [vpc.get('FlowLogs').doubted(why)],
    'AWS::EC2::VPCEndpoint': [vpc.get('VpcEndpoints').doubted(why)],
  };
};

const associationType = 'EKS::AccessPolicyAssociation';
/** Whether two answers are about the same access entry. */
const isSameEntry = (one: Field, other: Field): boolean =>
  ['clusterName', 'principalArn'].every((key) => one.get(key).value === other.get(key).value);

/**
 * An OIDC provider: the whole of an answer, whose issuer has no scheme (IAM API reference, GetOpenIDConnectProvider).
 */
function providerOf(whole: Field): AwsResource {
  const url = textOf(whole.get('Url'));
  const rows: Rows = {
    Url: (top) => (url === '' || url.includes('://') ? top.get('Url') : top.get('Url').as(`https://${url}`)),
    ClientIdList: 'ClientIDList',
  };
  return {
    type: 'AWS::IAM::OIDCProvider',
    id: url,
    title: url,
    whole,
    body: new Property({ ...plain, rows }, whole),
  };
}

/** The types of the items in VPC Lattice lists, by the resource in their ARN (Service Authorization Reference). */
const ofLattice: Readonly<Record<string, string>> = table({
  servicenetwork: 'AWS::VpcLattice::ServiceNetwork',
  service: 'AWS::VpcLattice::Service',
  accesslogsubscription: 'AWS::VpcLattice::AccessLogSubscription',
});
/** The ARN of a VPC Lattice resource, which is its id in references. */
function latticeOf(whole: Field): AwsResource | undefined {
  const id = textOf(whole.get('arn'));
  const type = ofLattice[/^arn:[\w-]+:vpc-lattice:[^:]*:[^:]*:(\w+)\//.exec(id)?.[1] ?? ''];
  if (type === undefined) return undefined;
  const rows: Rows = {
    ResourceIdentifier: 'resourceArn',
    // Lists of the services of a network omit authType.
    AuthType: (one) => {
      const type = one.get('authType');
      return type.absent ? type.doubted('the answers do not contain authType', true) : type;
    },
  };
  const title = textOf(whole.get('name')) || id;
  return { type, id, title, whole, body: new Property({ ...plain, name: camelCase, rows }, whole) };
}
/** The policy of a VPC Lattice resource: the whole of an answer. */
function latticePolicyOf(whole: Field): AwsResource {
  const of = textOf(whole.get('resourceIdentifier'));
  const body = new Property({ ...plain, name: camelCase }, whole);
  const title = textOf(whole.get('name')) || of;
  return { type: 'AWS::VpcLattice::AuthPolicy', id: `${of}/authpolicy`, title, whole, body };
}

/** Settings that are true or false in CloudFormation (GuardDuty API reference, GetDetector). */
const switches: NonNullable<Exclude<Row, string | readonly string[] | ((field: Field) => Field)>['values']> = [
  ['ENABLED', true],
  ['DISABLED', false],
];
/** A GuardDuty detector: the whole of an answer. */
function detectorOf(whole: Field): AwsResource {
  const rows: Rows = {
    Enable: { at: 'Status', values: switches },
    'DataSources.Kubernetes.AuditLogs.Enable': { at: 'DataSources.Kubernetes.AuditLogs.Status', values: switches },
  };
  const title = textOf(whole.get('DetectorId')) || 'GuardDuty';
  return { type: 'AWS::GuardDuty::Detector', id: title, title, whole, body: new Property({ ...plain, rows }, whole) };
}

/** Where an Auto Scaling group names a launch template (EC2 Auto Scaling API reference, AutoScalingGroup). */
const usesOfTemplates = ['LaunchTemplate', 'MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification'];

/** Versions of launch templates by id and number; `$Default` and `$Latest` as far as the answers contain them. */
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
      const [own, wanted] = [walk(use, id), walk(use, version)];
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
  readonly #lifecyclePolicies = new Map<unknown, Field>();
  /** By VPC and attribute. */
  readonly #attributes = new Map<string, Field>();
  /** Lists of the policies of an access entry. */
  readonly #accessPolicies: Field[] = [];
  readonly #unread: ReadonlyMap<string, string>;

  constructor(unread: ReadonlyMap<string, string>) {
    this.#unread = unread;
  }

  add(tree: Tree): void {
    if (!isRecord(tree.root)) return;
    const top = Field.of(dialect, tree, tree.root);
    for (const [key, field] of top.entries()) {
      if (Object.hasOwn(ofEks, key)) {
        const place = placeIn(key, field);
        this.#eks.set(place, [...(this.#eks.get(place) ?? []), { key, field, whole: top }]);
      } else if (key === 'LaunchTemplateVersions') for (const one of field.items()) this.#templates.add(one);
      else if (key === 'addons' && field.items().some(({ map }) => map)) this.#list('addonVersions', field);
      else if (key === 'items') this.#others.push(...field.items().flatMap((one) => latticeOf(one) ?? []));
      else if (key === 'policy') this.#others.push(latticePolicyOf(top));
      else if (key === 'Features') this.#others.push(detectorOf(top));
      else if (Object.hasOwn(lists, key)) this.#list(key, field);
      else if (key === 'KeyMetadata') this.#keys.push(field);
      else if (key === 'KeyRotationEnabled') this.#rotations.set(top.get('KeyId').value, field);
      else if (key === 'EnableDnsSupport' || key === 'EnableDnsHostnames')
        this.#attributes.set(`${textOf(top.get('VpcId'))} ${key}`, field.get('Value'));
      else if (key === 'associatedAccessPolicies') this.#accessPolicies.push(top);
      else if (key === 'ClientIDList') this.#others.push(providerOf(top));
      else if (key === 'lifecyclePolicyText') this.#lifecyclePolicies.set(top.get('repositoryName').value, field);
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
          ...(type === 'AWS::EC2::VPC'
            ? {
                EnableDnsSupport: this.#attribute('EnableDnsSupport'),
                EnableDnsHostnames: this.#attribute('EnableDnsHostnames'),
              }
            : {}),
          'LifecyclePolicy.LifecyclePolicyText': (one) => {
            const policy = this.#lifecyclePolicies.get(one.get('repositoryName').value);
            // An audit stores an empty policy if there is none.
            return policy?.value === '' ? policy.nothing() : (policy ?? told('lifecyclePolicyText')(one));
          },
          RepositoryPolicyText: (one) => this.#repositoryPolicies.get(one.get('repositoryName').value) ?? one.nothing(),
          ...Object.fromEntries(
            usesOfTemplates.map((use) => [
              `${use}.LaunchTemplateId`,
              this.#templates.link(`${use}.LaunchTemplateId`, `${use}.Version`),
            ]),
          ),
        },
      };
      const [own, shown] = [id, title].map((one) => (one === undefined ? '' : textOf(whole.get(one))));
      this.#others.push({ type, id: own ?? '', title: shown ?? '', whole, body: new Property(spelling, whole) });
    }
  }
  /** An attribute of a VPC, which has a call of its own. */
  readonly #attribute =
    (key: string): Row =>
    (vpc) => {
      const said = this.#attributes.get(`${textOf(vpc.get('VpcId'))} ${key}`) ?? vpc.get(key);
      return said.absent ? said.doubted(this.#unread.get('AWS::EC2::VPC') ?? isNotAnswered(key), true) : said;
    };
  /** The policies of an access entry are in a separate answer. */
  readonly #policies: Row = (entry) => {
    const own = entry.get('accessPolicies');
    return this.#accessPolicies.some((top) => isSameEntry(top, entry))
      ? own
      : own.doubted(this.#unread.get(associationType) ?? isNotAnswered('the list of policies of the entry'), true);
  };
  #associationsOf(entries: readonly Field[]): AwsResource[] {
    const tops = this.#accessPolicies.filter((top) => entries.some((entry) => isSameEntry(top, entry)));
    return tops.flatMap((top) =>
      top
        .get('associatedAccessPolicies')
        .items()
        .map((whole): AwsResource => {
          const [cluster, principal] = [top.get('clusterName'), top.get('principalArn')];
          const id = `${textOf(cluster)}/${textOf(principal)}/${textOf(whole.get('policyArn'))}`;
          const rows: Rows = { ClusterName: () => cluster, PrincipalArn: () => principal };
          return {
            type: associationType,
            id,
            title: textOf(principal),
            whole,
            body: new Property({ ...plain, name: camelCase, rows }, whole),
          };
        }),
    );
  }
  /** CIDR blocks that were added to a VPC (EC2 API reference, VpcCidrBlockAssociation). */
  #moreBlocks(): AwsResource[] {
    return this.#others
      .filter(({ type }) => type === 'AWS::EC2::VPC')
      .flatMap(({ whole: vpc }) =>
        vpc
          .get('CidrBlockAssociationSet')
          .items()
          .filter((one) => one.get('CidrBlock').value !== vpc.get('CidrBlock').value)
          .filter((one) => textOf(one.get('CidrBlockState').get('State')).startsWith('associat'))
          .map((one): AwsResource => {
            const id = textOf(one.get('AssociationId'));
            const body = madeBody(vpc, { VpcId: vpc.get('VpcId'), CidrBlock: one.get('CidrBlock') });
            return { type: 'AWS::EC2::VPCCidrBlock', id, title: id, whole: one, body };
          }),
      );
  }
  /** Customer keys: AWS rotates its own (KMS Developer Guide, Rotating AWS KMS keys). */
  #customerKeys(): AwsResource[] {
    const rows: Rows = {
      EnableKeyRotation: (key) =>
        ['Arn', 'KeyId'].map((one) => this.#rotations.get(key.get(one).value)).find((one) => one !== undefined) ??
        key.doubted(this.#unread.get('KMS::KeyRotation') ?? isNotAnswered('the key rotation status'), true),
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
  /**
   * The route table of each subnet: the main one of the VPC for subnets without an association (VPC User Guide, Subnet
   * route tables).
   */
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

  /** Why there may be more objects of a kind than these; undefined if one complete list names no others. */
  #missing({ key, item, name }: NonNullable<OfEks['list']>, described: readonly Field[]): string | undefined {
    const all = this.#names.get(key) ?? [];
    const whole = all.filter((top) => top.get('nextToken').absent);
    const [list] = whole;
    if (!list || all.length !== 1) return `no answer lists all ${key}`;
    const known = new Set(described.map((one) => walk(one, name).value));
    const absent = list
      .get(key)
      .items()
      .find((one) => !known.has((item === undefined ? one : one.get(item)).value));
    return absent ? `${key} are listed that no answer describes` : undefined;
  }
  #resource(key: string, field: Field, index: number): AwsResource {
    const { type, arn } = ofEks[key] as (typeof ofEks)[string];
    const rows: Rows = {
      // EKS API reference: an argument of CreateCluster that Cluster does not contain.
      ...(key === 'cluster' ? { BootstrapSelfManagedAddons: untold('bootstrapSelfManagedAddons') } : {}),
      ...(key === 'nodegroup'
        ? { 'LaunchTemplate.Id': this.#templates.link('launchTemplate.id', 'launchTemplate.version') }
        : {}),
      ...(key === 'accessEntry' ? { AccessPolicies: this.#policies } : {}),
      ...answered[key],
    };
    const title = textOf(walk(field, arn));
    const body = new Property(spellApi(type, rows), key === 'cluster' ? asTold(field) : field);
    return { type, id: `${key}/${index}`, title, whole: field, body, object: field.map };
  }
  describe(): Description[] {
    const groups = [...this.#eks.values()];
    this.#others.push(...this.#customerKeys(), ...this.#associations(), ...this.#moreBlocks());
    return (groups.length === 0 ? [[]] : groups).map((answers) => {
      const clusters = answers.filter(({ key }) => key === 'cluster');
      const accounts = new Set(answers.map(({ key, field }) => accountIn(key, field)));
      const describedAs = (key: string): Field[] => answers.filter((one) => one.key === key).map(({ field }) => field);
      const resources = answers.map(({ key, field, whole }, index): AwsResource => {
        const resource = this.#resource(key, field, index);
        if (key !== 'cluster') return resource;
        const lists = Object.entries(ofEks).flatMap(([part, { type, list }]): [string, Field[]][] => {
          if (!list) return [];
          const why =
            clusters.length === 1 ? this.#missing(list, describedAs(part)) : `several clusters may have ${list.key}`;
          return [[type, why === undefined ? [] : [whole.get(list.key).doubted(why, true)]]];
        });
        return { ...resource, lists: Object.fromEntries(lists) };
      });
      const all = [
        ...resources,
        ...this.#associationsOf(describedAs('accessEntry')),
        ...this.#templates.resources,
        ...this.#others.map((one) => (isOfOthers(one, accounts) ? { ...one, lists: hiddenParts(one.whole) } : one)),
      ];
      const ids = new Set(all.map(({ id }) => id).filter((id) => id !== ''));
      // Keys are identified by their ARN, and by their id.
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

/** A document: a map or a string. IAM URL-encodes policies (IAM API reference, PolicyVersion). */
function policyOrText(field: Field): Field {
  const { value } = field;
  if (typeof value !== 'string' || !/^\s*%7b/i.test(value)) return documentOf(field);
  try {
    return field.as(JSON.parse(decodeURIComponent(value)));
  } catch {
    return field.doubted(isUnreadable('the policy document'));
  }
}

/** Everything an audit asked for is kept together, whatever it is about. */
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
