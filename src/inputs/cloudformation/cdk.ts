import type { Note } from '#model/finding.ts';
import type { Change } from '#model/resource.ts';
import { isRecord, table } from '#model/shape.ts';
import type { AnyResource } from '#model/workspace.ts';
import type { Field } from '#spelling/field.ts';
import { asIs, type Spelling } from '#spelling/spelling.ts';
import type { AwsResource } from '#spelling/resource.ts';
import { spellApi } from '../aws-api/eks-api.ts';
import { embed, placeOf, plainData, type PodTemplates, type Shape, unknownFields } from '../kubernetes/objects.ts';
import { bodyOfAuth } from '../kubernetes-aws/aws-auth.ts';
import { TextWithHoles } from '../text-with-holes.ts';

/*
 * Clusters and Kubernetes objects in templates that are not AWS resource types: those of CDK's handlers and of the AWS
 * Quick Start.
 */

interface Foreign {
  readonly type: string;
  readonly spelling: Spelling;
  /** Where the properties of the cluster are. */
  readonly body: (properties: Field) => Field;
}

export const foreign: Readonly<Record<string, Foreign>> = table<Foreign>({
  // `Config` is passed to CreateCluster unchanged (aws-cdk, aws-eks/lib/cluster-resource.ts).
  'Custom::AWSCDK-EKS-Cluster': {
    type: 'AWS::EKS::Cluster',
    spelling: spellApi('AWS::EKS::Cluster'),
    body: (properties) => properties.get('Config'),
  },
  // quickstart-amazon-eks-cluster-resource-provider, README of the resource type
  'AWSQS::EKS::Cluster': {
    type: 'AWS::EKS::Cluster',
    spelling: {
      name: asIs,
      blocks: false,
      rows: {
        'Logging.ClusterLogging.EnabledTypes': 'EnabledClusterLoggingTypes',
        'Logging.ClusterLogging.EnabledTypes[].Type': '',
      },
    },
    body: (properties) => properties,
  },
});

/**
 * Resources that CDK creates with a handler although CloudFormation has a type for them (aws-cdk,
 * aws-iam/lib/oidc-provider.ts).
 */
export const handled: Readonly<Record<string, string>> = {
  'Custom::AWSCDKOpenIdConnectProvider': 'AWS::IAM::OIDCProvider',
};

const manifestType = 'Custom::AWSCDK-EKS-KubernetesResource';
/**
 * Resources that change a cluster and are not read (aws-cdk, aws-eks/lib/helm-chart.ts and k8s-patch.ts; resource types
 * of AWS Quick Starts).
 */
const unread: Readonly<Record<string, string>> = {
  'Custom::AWSCDK-EKS-HelmChart': 'Helm charts',
  'Custom::AWSCDK-EKS-KubernetesPatch': 'patches',
  'AWSQS::Kubernetes::Resource': 'Kubernetes manifests',
  'AWSQS::Kubernetes::Helm': 'Helm charts',
};

/** A string that `Fn::Join` composes, with a hole for each unknown part; undefined if it is composed in another way. */
function joinText(field: Field, text: TextWithHoles): string | undefined {
  if (typeof field.value === 'string') return field.value;
  const join: unknown = isRecord(field.found) ? field.found['Fn::Join'] : undefined;
  if (!Array.isArray(join) || typeof join[0] !== 'string' || !Array.isArray(join[1])) return undefined;
  const parts = field.within(join, 1).items();
  return parts
    .map((part) => (typeof part.value === 'string' ? part.value : text.hole(part, nameOf(part.found))))
    .join(join[0]);
}

/** The placeholder for an unknown value: `${Cluster}`, `${Cluster.Arn}`. */
function nameOf(value: unknown): string {
  if (!isRecord(value)) return '${value}';
  const attribute: unknown = value['Fn::GetAtt'];
  const name: unknown = value['Ref'] ?? (Array.isArray(attribute) ? attribute.join('.') : attribute);
  return typeof name === 'string' && /^[A-Za-z]/.test(name) ? `\${${name}}` : '${value}';
}

/** The objects in a manifest of CDK: the JSON of a list of them (aws-cdk, aws-eks/lib/k8s-manifest.ts). */
function objectsIn(manifest: Field, text: TextWithHoles): Field[] | undefined {
  const joined = joinText(manifest, text);
  const documents =
    joined === undefined ? undefined : text.read(manifest.tree.source, joined, { at: placeOf(manifest) });
  return documents?.flatMap((one) => (Array.isArray(one.value) ? one.items() : [one]));
}
const manifestOf = (whole: Field): Field => whole.get('Properties').get('Manifest');

/** The ConfigMap aws-auth in a manifest of CDK, whose roles may be those of the template. */
export function readAuthIn(whole: Field, id: string, title: string): AwsResource[] {
  if (whole.get('Type').value !== manifestType) return [];
  const objects = objectsIn(manifestOf(whole), new TextWithHoles()) ?? [];
  return objects.flatMap((object, at): AwsResource[] => {
    const metadata = object.get('metadata');
    const isAuth =
      object.get('kind').value === 'ConfigMap' &&
      metadata.get('name').value === 'aws-auth' &&
      metadata.get('namespace').value === 'kube-system';
    return isAuth ? [{ type: 'EKS::AwsAuth', id: `${id}/${at}`, title, whole, body: bodyOfAuth(object) }] : [];
  });
}

/** The Kubernetes objects that CDK applies. */
export function readManifests(
  resources: Field,
  templates?: PodTemplates,
): { readonly resources: AnyResource[]; readonly notes: Note[] } {
  const found: AnyResource[] = [];
  const notes: Note[] = [];
  for (const [id, whole] of resources.entries()) {
    const { value: type } = whole.get('Type');
    const applied = typeof type === 'string' && Object.hasOwn(unread, type) ? unread[type] : undefined;
    if (applied !== undefined)
      notes.push({ kind: 'partial', message: `${applied} that the template applies are not judged`, at: whole.at() });
    if (type !== manifestType) continue;
    const manifest = manifestOf(whole);
    const text = new TextWithHoles();
    const objects = objectsIn(manifest, text);
    if (!objects) {
      notes.push({
        kind: 'partial',
        message: `the Kubernetes objects of ${id} are not judged: their JSON is not known before deployment`,
        at: manifest.at(),
      });
      continue;
    }
    const shape: Shape = {
      entries: (field) => field.entries(),
      scalar: (value) => value,
      follow: (field) => field,
      mark: ({ found: value }) => text.mark(value),
    };
    const { path } = whole.tree.source;
    for (const item of objects) {
      const changes: Change[] = [];
      const object = plainData(item, shape, changes);
      if (isRecord(object)) found.push(...embed(object, whole, changes, `template:${path}`, { templates }));
    }
  }
  return { resources: found, notes: [...notes, ...unknownFields(found, 'before deployment')] };
}
