import { imageBySelector } from '#model/hidden.ts';
import { amiTypeOfImage } from '#model/machine-image.ts';
import { type Field, mixedList } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { camelCase, none, type Rows, type Spelling } from '#spelling/spelling.ts';
import { below, type Described, type Given } from './objects.ts';

/* Node classes: EC2NodeClass of Karpenter and NodeClass of EKS Auto Mode. */

const shared: Rows = {
  NodegroupName: 'metadata.name',
  LaunchTemplateData: 'spec',
  'LaunchTemplateData.ImageId': none,
  'LaunchTemplateData.InstanceType': none,
  'LaunchTemplateData.KeyName': none,
  'LaunchTemplateData.BlockDeviceMappings[].Ebs.VolumeSize': (item) => gibibytes(below(item, 'ebs.volumeSize')),
  'LaunchTemplateData.BlockDeviceMappings[].Ebs.KmsKeyId': 'ebs.kmsKeyID',
  'LaunchTemplateData.Monitoring.Enabled': 'spec.detailedMonitoring',
  'LaunchTemplateData.IamInstanceProfile.Name': 'spec.instanceProfile',
  'LaunchTemplateData.IamInstanceProfile.Arn': none,
  'LaunchTemplateData.InstanceMarketOptions': none,
  'LaunchTemplateData.NetworkInterfaces': none,
  'LaunchTemplateData.SecurityGroupIds': (whole) => idsOf(whole, 'securityGroups', 'securityGroupSelectorTerms'),
  SubnetIds: (whole) => idsOf(whole, 'subnets', 'subnetSelectorTerms'),
  SecurityGroupSelectors: (whole) => openTerms(whole, 'securityGroups', 'securityGroupSelectorTerms'),
  SubnetSelectors: (whole) => openTerms(whole, 'subnets', 'subnetSelectorTerms'),
  MaxPods: 'spec.kubelet.maxPods',
  KubeletConfiguration: 'spec.kubelet',
};
/**
 * What the class selects by ID, and, in a cluster, what its controller has found (Karpenter documentation, NodeClasses,
 * status).
 */
function idsOf(whole: Field, found: string, terms: string): Field {
  const asked = below(whole, `spec.${terms}`);
  const lists = [below(whole, `status.${found}`), asked];
  return asked.as(
    mixedList(lists.flatMap((list) => list.items().map((one) => one.get('id'))).filter((one) => !one.absent)),
  );
}
/** The other selectors, if no controller has resolved them yet. */
function openTerms(whole: Field, found: string, terms: string): Field {
  const asked = below(whole, `spec.${terms}`);
  return below(whole, `status.${found}`).items().length > 0 ? asked.nothing() : asked;
}
/** Sizes are Kubernetes quantities there: `20Gi` (Karpenter documentation, spec.blockDeviceMappings). */
function gibibytes(size: Field): Field {
  const [, number, unit] = (typeof size.value === 'string' && /^(\d+)(Gi|Ti|G|T)$/.exec(size.value)) || [];
  if (number === undefined)
    return size.absent || size.why !== undefined ? size : size.doubted('it is not a size in Gi');
  const factor = { Gi: 1, Ti: 1024, G: 1e9 / 2 ** 30, T: 1e12 / 2 ** 30 }[unit as 'Gi' | 'Ti' | 'G' | 'T'];
  return size.as(Math.ceil(Number(number) * factor));
}

const spell = (rows: Rows): Spelling => ({ name: camelCase, blocks: false, rows: { ...shared, ...rows } });

/**
 * AMI types by the families that aliases and `amiFamily` name (Karpenter documentation, spec.amiFamily and
 * spec.amiSelectorTerms).
 */
const families: readonly (readonly [RegExp, string])[] = [
  [/^al2$/i, 'AL2_x86_64'],
  [/^al2023$/i, 'AL2023_x86_64_STANDARD'],
  [/^bottlerocket$/i, 'BOTTLEROCKET_x86_64'],
  [/^windows\d+$/i, 'WINDOWS_CORE_x86_64'],
  [/^(?:custom|ubuntu)$/i, 'CUSTOM'],
];
const typeOfFamily = (family: string): string | undefined => families.find(([pattern]) => pattern.test(family))?.[1];
/** What a selector term says about the image. */
function typeOf({ key, value }: Field): string | undefined {
  if (typeof value !== 'string') return undefined;
  return key === 'alias' ? typeOfFamily(value.split('@')[0] ?? '') : amiTypeOfImage(value);
}

/** The CPU alone changes nothing, so the CPU of the nodes counts as x86. */
function amiType(whole: Field): Field {
  const spec = whole.get('spec');
  const terms = spec.get('amiSelectorTerms');
  const words = [
    ...terms.items().flatMap((term) => ['alias', 'name', 'ssmParameter'].map((key) => term.get(key))),
    // The images that they have selected in a cluster.
    ...below(whole, 'status.amis')
      .items()
      .map((one) => one.get('name')),
  ];
  const unclear = words.find(({ why }) => why !== undefined);
  // Of several images, the one that must be replaced counts.
  const known = words
    .map((word) => [word, typeOf(word)] as const)
    .filter(([, type]) => type !== undefined)
    .sort(([, a]) => (a === 'AL2_x86_64' ? -1 : 0));
  const [first] = known;
  if (first) return first[0].as(first[1]);
  if (unclear) return unclear;
  const family = spec.get('amiFamily');
  if (family.why !== undefined) return family;
  if (family.absent) return family.doubted(terms.why ?? imageBySelector, true);
  const type = typeof family.value === 'string' ? typeOfFamily(family.value) : undefined;
  return type === undefined ? family.doubted('amiFamily is not known') : family.as(type);
}

/** Defaults: the CRD, whose version v1 lowered the hop limit (Karpenter documentation, v1 migration). */
const classOf = (version: string): Spelling =>
  spell({
    AmiType: amiType,
    'LaunchTemplateData.MetadataOptions.HttpTokens': { at: 'spec.metadataOptions.httpTokens', else: 'required' },
    'LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit': {
      at: 'spec.metadataOptions.httpPutResponseHopLimit',
      else: version === 'v1' ? 1 : 2,
    },
  });

/**
 * Nodes of Auto Mode run Bottlerocket, require IMDSv2 and have a hop limit of 1, which cannot be changed (EKS User
 * Guide, Auto Mode).
 */
const autoMode = spell({
  AmiType: (whole) => below(whole, 'spec').filled('BOTTLEROCKET_x86_64'),
  'LaunchTemplateData.MetadataOptions.HttpTokens': (whole) => below(whole, 'spec').filled('required'),
  'LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit': (whole) => below(whole, 'spec').filled(1),
  'LaunchTemplateData.MetadataOptions.HttpEndpoint': none,
  'LaunchTemplateData.BlockDeviceMappings': none,
});

export function readClass({ resource, whole }: Given): Described | undefined {
  const { kind, group, version } = resource;
  if (group === 'karpenter.k8s.aws' && kind === 'EC2NodeClass')
    return { type: 'EKS::NodeClass', body: new Property(classOf(version), whole) };
  if (group === 'eks.amazonaws.com' && kind === 'NodeClass')
    return { type: 'EKS::NodeClass', body: new Property(autoMode, whole) };
  return undefined;
}
