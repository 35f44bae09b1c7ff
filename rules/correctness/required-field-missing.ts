import { defineRule, Workload } from '#rule';
import { targetVersion } from '#rule/api';
import { builtInMisfits, fieldName } from '#rule/schema';
import { dig, digRecord, isRecord } from '#rule/shape';

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === '';

export default defineRule({
  title: 'Required field must be present',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  options: {
    targetVersion,
  },
  messages: {
    missing: '{title} lacks the required field "{field}", so the API server rejects it',
    empty: '{title} has an empty list "{field}", so the API server rejects it',
  },
  help: {
    missing: 'Add {field}; see "kubectl explain" for its content',
    empty: 'Add at least one entry to {field}',
  },
  equivalents: ['kube-linter:schema-validation', 'monokle:K8S001'],
  sources: ['Kubernetes API reference'],
  check(resource, context) {
    const { judges, workspace, report, undetermined } = context;
    const { object, title, kind, known } = resource;
    const isBuiltIn = workspace.schemas.ofBuiltIn(resource.apiVersion, kind) !== undefined;
    if (!isRecord(object.metadata) && !isBuiltIn) return; // a configuration file
    const reported = new Set<string>();
    const miss = (
      on: object,
      path: readonly (string | number)[],
      key: string,
      message: 'missing' | 'empty' = 'missing',
      at = key,
    ): void => {
      const field = fieldName(path, key);
      if (reported.has(field)) return;
      reported.add(field);
      report({ message, data: { title, field }, on, key: at });
    };
    const need = (on: unknown, path: readonly (string | number)[], key: string): void => {
      if (isRecord(on) && isAbsent(on[key])) miss(on, path, key);
    };

    if (resource instanceof Workload && isFragment(resource)) {
      undetermined('it lacks so many fields that it may be a patch', { on: object });
      return;
    }
    if (
      !resource.live &&
      resource.name === '' &&
      isBuiltIn &&
      kind !== 'LimitRange' &&
      isAbsent(object.metadata?.generateName) &&
      isAbsent(object.metadata?.name)
    ) {
      if (isRecord(object.metadata)) miss(object.metadata, ['metadata'], 'name');
      else miss(object, ['metadata'], 'name', 'missing', 'metadata');
    }
    if (resource instanceof Workload && isBuiltIn) {
      const { containers } = resource.pod;
      if (isRecord(resource.template.spec) && Array.isArray(containers) && containers.length === 0)
        miss(resource.pod, [...templatePath(kind), 'spec'], 'containers', 'empty');
    }
    const spec = digRecord(object, 'spec');
    if (known === 'Service' && spec) {
      const isPortless = spec['type'] === 'ExternalName' || spec['clusterIP'] === 'None';
      if (
        !isPortless &&
        !resource.typed &&
        (isAbsent(spec['ports']) || (Array.isArray(spec['ports']) && spec['ports'].length === 0))
      )
        miss(spec, ['spec'], 'ports');
      if (spec['type'] === 'ExternalName') need(spec, ['spec'], 'externalName');
    }
    if (known === 'PersistentVolumeClaim') needClaim(spec, ['spec']);
    if (known === 'StatefulSet') {
      const claims = spec?.['volumeClaimTemplates'];
      for (const [index, claim] of (Array.isArray(claims) ? claims : []).entries())
        needClaim(digRecord(claim, 'spec'), ['spec', 'volumeClaimTemplates', index, 'spec']);
    }
    for (const { what, on, key, path } of builtInMisfits(resource, context)) {
      // images/invalid-reference reports containers.
      if (key === 'image' && resource instanceof Workload && judges('images/invalid-reference')) continue;
      if (what === 'missing' && (!Array.isArray(dig(on, String(key))) || key !== 'containers'))
        miss(on, path, String(key));
    }

    function needClaim(claim: Readonly<Record<string, unknown>> | undefined, path: readonly (string | number)[]): void {
      if (!claim) return;
      const modes = claim['accessModes'];
      if (isAbsent(modes) || (Array.isArray(modes) && modes.length === 0)) miss(claim, path, 'accessModes');
      const resources = digRecord(claim, 'resources');
      const requests = digRecord(resources, 'requests');
      if (isAbsent(dig(requests, 'storage')))
        miss(requests ?? resources ?? claim, [...path, 'resources', 'requests'], 'storage');
    }
  },
});

const templatePath = (kind: string): readonly string[] =>
  kind === 'Pod'
    ? []
    : kind === 'PodTemplate'
      ? ['template']
      : kind === 'CronJob'
        ? ['spec', 'jobTemplate', 'spec', 'template']
        : ['spec', 'template'];

/**
 * Many repositories contain patches that no kustomization names, because the lines that name them are commented out.
 */
function isFragment(workload: Workload): boolean {
  const { containers } = workload.pod;
  const isPart = !Array.isArray(containers) || containers.some((one) => isRecord(one) && one.image === undefined);
  return (
    isPart && Object.keys(workload.podLabels).length === 0 && workload.kind !== 'Pod' && !/Job/.test(workload.kind)
  );
}
