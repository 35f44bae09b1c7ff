import type { V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node';
import { graft, type Origin } from '#syntax/graft.ts';
import type { Tree } from '#syntax/document.ts';
import { isRecord, text } from './shape.ts';

/** Where kinds keep their pod template. Custom kinds may be added by config. */
export const podTemplates: ReadonlyMap<string, readonly string[]> = new Map([
  ['Pod', []],
  ['PodTemplate', ['template']],
  ...['ReplicationController', 'ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'Rollout'].map(
    (kind) => [kind, ['spec', 'template']] as const,
  ),
  ['CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
] as [string, string[]][]);

/**
 * Groups whose objects mention pods that they do not create: policies and their references, definitions, settings of
 * tools, and objects of Crossplane, which contain whole objects.
 */
const speakingOnly = new Set([
  '',
  'admissionregistration.k8s.io',
  'apiextensions.crossplane.io',
  'apiextensions.k8s.io',
  'eksctl.io',
  'helm.toolkit.fluxcd.io',
  'kubernetes.crossplane.io',
  'kubernetes.m.crossplane.io',
  'kustomize.config.k8s.io',
  'kustomize.toolkit.fluxcd.io',
  'kyverno.io',
  'policies.kyverno.io',
]);
const isSpeakingOnly = (kind: string, group: string): boolean =>
  speakingOnly.has(group) ||
  group.endsWith('gatekeeper.sh') ||
  (group === 'argoproj.io' && /^(Application|ApplicationSet|AppProject)$/.test(kind));

/** No custom resource that people write is deeper or larger. */
const deepest = 12;
const most = 5000;

/** The pod templates of an object; `byShape` if their location was not configured. */
export interface FoundTemplates {
  readonly templates: readonly V1PodTemplateSpec[];
  readonly byShape: boolean;
}

/**
 * The pod templates of an object: where its kind has them, and in a custom resource anything with their shape, because
 * every operator has kinds of its own (RayCluster, JobSet, ScaledJob, Knative Service, ...).
 */
export function findPodTemplates(
  object: Readonly<Record<string, unknown>>,
  tree: Tree,
  known: readonly string[] | undefined,
  group: string,
): FoundTemplates {
  if (known) {
    let node: unknown = object;
    for (const key of known) node = isRecord(node) ? node[key] : undefined;
    return { templates: [(isRecord(node) ? node : {}) as V1PodTemplateSpec], byShape: false };
  }
  const kind = text(object['kind']) ?? '';
  if (isSpeakingOnly(kind, group)) return { templates: [], byShape: true };
  if (group === 'argoproj.io' && /Workflow/.test(kind))
    return { templates: templatesOfWorkflow(object, tree), byShape: true };
  return { templates: templatesByShape(object, tree), byShape: true };
}

/** A pod spec whose containers name their images: without an image it is a part that an operator completes. */
function isPodSpec(node: unknown): boolean {
  const containers = isRecord(node) ? node['containers'] : undefined;
  return (
    Array.isArray(containers) &&
    containers.length > 0 &&
    containers.every((one) => isRecord(one) && (text(one['image']) ?? '') !== '')
  );
}

/** Keys that hold a pod spec without a template around it (`podSpec`, `serverPodSpec`). */
const holdsPodSpec = (key: string): boolean => /podspec$/i.test(key);

function templatesByShape(object: Readonly<Record<string, unknown>>, tree: Tree): V1PodTemplateSpec[] {
  const found: V1PodTemplateSpec[] = [];
  const seen = new Set<object>();
  const visit = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null || depth > deepest || seen.size > most || seen.has(node)) return;
    seen.add(node);
    // The object itself is not a template: operators treat `spec.containers` as additions to their own pods
    // (Prometheus).
    if (depth > 0 && isRecord(node) && isPodSpec(node['spec'])) {
      found.push(node as V1PodTemplateSpec);
      return;
    }
    for (const [key, value] of Object.entries(node)) {
      if (!holdsPodSpec(key) || !isPodSpec(value)) visit(value, depth + 1);
      else if (!seen.has(value as object)) {
        seen.add(value as object);
        const place = new Map([['spec', { tree, on: node, key }]]);
        found.push(graft({ spec: value as V1PodSpec }, { tree, on: node }, place));
      }
    }
  };
  visit({ spec: object['spec'] }, 0);
  return found;
}

/** Keys of a pod spec that a workflow template writes as a pod does, and those that it inherits from the workflow. */
const ownKeys = [
  'initContainers',
  'volumes',
  'securityContext',
  'serviceAccountName',
  'automountServiceAccountToken',
  'nodeSelector',
  'tolerations',
];
const sharedKeys = [
  'securityContext',
  'serviceAccountName',
  'hostNetwork',
  'volumes',
  'nodeSelector',
  'tolerations',
  'imagePullSecrets',
  'automountServiceAccountToken',
];

/**
 * The pods of an Argo workflow: each of its templates that runs a container is one (Argo Workflows documentation, Field
 * Reference).
 */
function templatesOfWorkflow(object: Readonly<Record<string, unknown>>, tree: Tree): V1PodTemplateSpec[] {
  const whole = isRecord(object['spec']) ? object['spec'] : {};
  const spec = isRecord(whole['workflowSpec']) ? whole['workflowSpec'] : whole;
  const templates = Array.isArray(spec['templates']) ? spec['templates'].filter(isRecord) : [];
  return templates.flatMap((template) => {
    const set = isRecord(template['containerSet']) ? template['containerSet']['containers'] : undefined;
    const containers = [template['container'], template['script'], ...(Array.isArray(set) ? set : [])].filter(isRecord);
    if (containers.length === 0) return [];
    const entries = new Map<string, Origin>();
    const pod: Record<string, unknown> = {};
    for (const key of ownKeys) if (template[key] !== undefined) pod[key] = template[key];
    for (const key of sharedKeys) {
      if (pod[key] !== undefined || spec[key] === undefined) continue;
      pod[key] = spec[key];
      entries.set(key, { tree, on: spec, key });
    }
    const sidecars = Array.isArray(template['sidecars']) ? template['sidecars'].filter(isRecord) : [];
    pod['containers'] = graft([...containers, ...sidecars], { tree, on: template });
    const made = {
      ...(isRecord(template['metadata']) ? { metadata: template['metadata'] } : {}),
      spec: graft(pod, { tree, on: template }, entries) as unknown as V1PodSpec,
    };
    return [graft(made, { tree, on: template }) as V1PodTemplateSpec];
  });
}
