import type { Field } from '#spelling/field.ts';
import { Property } from '#spelling/property.ts';
import { camelCase, none, type Rows, type Spelling } from '#spelling/spelling.ts';
import { below, type Described, type Given } from './objects.ts';

/* Classes of nodes: EC2NodeClass of Karpenter and NodeClass of EKS Auto Mode. */

const shared: Rows = {
  NodegroupName: 'metadata.name',
  LaunchTemplateData: 'spec',
  'LaunchTemplateData.ImageId': none,
  'LaunchTemplateData.InstanceType': none,
  'LaunchTemplateData.KeyName': none,
};
const spell = (rows: Rows): Spelling => ({ name: camelCase, blocks: false, rows: { ...shared, ...rows } });

/** AMI types by the families that aliases and `amiFamily` name (Karpenter documentation, spec.amiFamily and spec.amiSelectorTerms). */
const families: readonly (readonly [RegExp, string])[] = [
  [/^al2$/i, 'AL2_x86_64'],
  [/^al2023$/i, 'AL2023_x86_64_STANDARD'],
  [/^bottlerocket$/i, 'BOTTLEROCKET_x86_64'],
  [/^windows\d+$/i, 'WINDOWS_CORE_x86_64'],
  [/^(?:custom|ubuntu)$/i, 'CUSTOM'],
];
const typeOf = (family: string): string | undefined => families.find(([pattern]) => pattern.test(family))?.[1];

/** The CPU alone changes nothing, so that of the nodes counts as x86. */
function amiType(whole: Field): Field {
  const spec = whole.get('spec');
  const terms = spec.get('amiSelectorTerms');
  const aliases = terms.items().map((term) => term.get('alias'));
  const unclear = aliases.find(({ why }) => why !== undefined);
  const types = aliases.map((alias) =>
    typeof alias.value === 'string' ? typeOf(alias.value.split('@')[0] ?? '') : undefined,
  );
  const old = aliases[types.indexOf('AL2_x86_64')] ?? aliases.find((_, index) => types[index] !== undefined);
  if (old && types[aliases.indexOf(old)] !== undefined) return old.as(types[aliases.indexOf(old)]);
  if (unclear) return unclear;
  const family = spec.get('amiFamily');
  if (family.why !== undefined) return family;
  if (family.absent) return family.doubted(terms.why ?? 'the AMI is selected by its tags or id', true);
  const type = typeof family.value === 'string' ? typeOf(family.value) : undefined;
  return type === undefined ? family.doubted('amiFamily is not known') : family.as(type);
}

/** Defaults: the definition of the kind, whose version v1 lowered the hop limit (Karpenter documentation, v1 migration). */
const classOf = (version: string): Spelling =>
  spell({
    AmiType: amiType,
    'LaunchTemplateData.MetadataOptions.HttpTokens': { at: 'spec.metadataOptions.httpTokens', else: 'required' },
    'LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit': {
      at: 'spec.metadataOptions.httpPutResponseHopLimit',
      else: version === 'v1' ? 1 : 2,
    },
    'LaunchTemplateData.MetadataOptions.HttpEndpoint': { at: 'spec.metadataOptions.httpEndpoint', else: 'enabled' },
  });

/** Nodes of Auto Mode run Bottlerocket, require IMDSv2 and have a hop limit of 1, which nobody can change (EKS User Guide, Auto Mode). */
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
