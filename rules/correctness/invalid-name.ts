import { defineRule, Workload } from '#rule';
import { labelFault, letterLabelFault, likelyName, segmentFault, subdomainFault } from '#rule/names';
import { isBuiltInGroup } from '#rule/schema';
import { dig, isRecord, list } from '#rule/shape';
import { isLeftOpen } from '#rule/unknown';

type Fault = (name: string) => string | undefined;

/** A CronJob adds 11 characters to the names of its Jobs, which may have 63. */
const cronJobFault: Fault = (name) =>
  subdomainFault(name) ?? (name.length > 52 ? 'is longer than 52 characters' : undefined);
/** Kinds whose names follow a different rule (Kubernetes API validation); all others are DNS subdomains. */
/** Names that become a label value of the pods. */
const labelLengthFault = (name: string): string | undefined =>
  name.length > 63 ? 'is longer than 63 characters' : subdomainFault(name);

const faults: Readonly<Record<string, Fault>> = {
  Job: labelLengthFault,
  StatefulSet: labelLengthFault,
  Service: labelFault,
  Namespace: labelFault,
  CronJob: cronJobFault,
  Role: segmentFault,
  ClusterRole: segmentFault,
  RoleBinding: segmentFault,
  ClusterRoleBinding: segmentFault,
};

export default defineRule({
  title: 'Object name must be valid',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  fix: 'suggestion: use lowercase letters and hyphens',
  messages: {
    name: 'The name of {title} {fault}, so the API server rejects it',
    namespace: 'The namespace of {title} {fault}, so the API server rejects it',
    part: '{part} "{name}" of {title} {fault}, so the API server rejects it',
    pods: 'The name of {title} is too long for its pods, whose names end in "-{last}" and are limited to 63 characters',
  },
  help: {
    name: 'Rename the object, e.g. web-1',
    namespace: 'Correct metadata.namespace, e.g. shop',
    part: 'Rename it with lowercase letters, digits and hyphens, e.g. web-1',
    pods: 'Choose a name of at most 61 characters',
  },
  equivalents: ['kube-linter:schema-validation'],
  sources: ['Kubernetes documentation, Object Names and IDs'],
  check(resource, context) {
    const { workspace, target, report } = context;
    const { title, object, known, kind } = resource;
    const metadata: unknown = object.metadata;
    if (!isRecord(metadata) || resource.live) return;
    const isBuiltIn = isBuiltInGroup(workspace, resource.group);
    // Custom resources are recognized by their group: settings of tools have groups without a dot, and names of any
    // form.
    if (!isBuiltIn && !/\..*\./.test(resource.group) && !workspace.definitions.has(resource.group, kind)) return;
    const judge = (message: 'name' | 'namespace', key: string, fault: Fault): void => {
      const value = metadata[key];
      if (typeof value !== 'string' || value === '') return;
      const found = fault(key === 'generateName' ? `${value}x` : value);
      if (found === undefined || isLeftOpen(value, { on: metadata, key }, context)) return;
      const better = message === 'name' ? likelyName(value) : undefined;
      report({
        message,
        data: { title, fault: found },
        on: metadata,
        key,
        ...(better !== undefined && fault(better) === undefined
          ? { fix: { safe: false, edits: [{ op: 'set', on: metadata, key, value: better }] } }
          : {}),
      });
    };
    const ofKind =
      known === 'Service' && target.lowest < relaxedServiceNames
        ? letterLabelFault
        : isBuiltIn && Object.hasOwn(faults, kind)
          ? faults[kind]
          : subdomainFault;
    judge(
      'name',
      typeof metadata['name'] === 'string' && metadata['name'] !== '' ? 'name' : 'generateName',
      ofKind ?? subdomainFault,
    );
    if (resource.namespaced) judge('namespace', 'namespace', labelFault);
    if (!(resource instanceof Workload) || resource.byShape) return;

    const judgePart = (part: string, on: object, key: string): void => {
      const value: unknown = (on as Record<string, unknown>)[key];
      if (typeof value !== 'string' || value === '') return;
      const fault = labelFault(value);
      if (fault !== undefined && !isLeftOpen(value, { on, key }, context))
        report({ message: 'part', data: { part, name: value, title, fault }, on, key });
    };
    for (const { object: container } of resource.containers) judgePart('Container', container, 'name');
    for (const volume of list(resource.pod.volumes)) judgePart('Volume', volume, 'name');
    if (known !== 'StatefulSet') return;
    const replicas = dig(object, 'spec', 'replicas');
    const last = Math.max(0, (typeof replicas === 'number' ? replicas : 1) - 1);
    const { name } = resource;
    if (labelFault(name) === undefined && `${name}-${last}`.length > 63)
      report({ message: 'pods', data: { title, last }, on: metadata, key: 'name' });
  },
});

/** The gate RelaxedServiceNameValidation (KEP-5311) is on by default since this version. */
const relaxedServiceNames = 36;
