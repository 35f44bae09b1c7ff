import { defineRule, type Neighbours, Workload } from '#rule';
import { isPlatformObject, foundElsewhere, whyObjectUnseen } from '#rule/absence';
import { dig, digList, digRecord, list, text } from '#rule/shape';
import { isLeftOpen } from '#rule/unknown';

export default defineRule({
  title: 'PersistentVolumeClaim must exist',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload', 'PersistentVolumeClaim'],
  needs: ['persistentVolumeClaim', 'storageClassName'],
  scope: 'workspace',
  options: {
    external: {
      type: 'array',
      items: { type: 'string' },
      default: ['gp2', 'gp3'],
      description: 'Claims and storage classes that are not in the input but exist.',
    },
  },
  messages: {
    elsewhere: '{title} mounts claim "{name}", which exists only in namespace "{other}", so its pods stay pending',
    claim: '{title} mounts claim "{name}", which does not exist in its namespace, so its pods stay pending',
    class: '{title} uses StorageClass "{name}", which does not exist, so its volume is never created',
  },
  help: {
    elsewhere: 'Set metadata.namespace of the PersistentVolumeClaim to the namespace of the pod',
    claim: 'Correct claimName, add the PersistentVolumeClaim, or list it in the option external',
    class: 'Correct storageClassName, add the StorageClass, or list it in the option external',
  },
  equivalents: ['popeye:407', 'monokle:LNK001'],
  sources: ['Kubernetes documentation, Persistent Volumes'],
  check(resource, context) {
    const { options, workspace, report, undetermined } = context;
    const { title, namespace } = resource;
    const unit = workspace.unit(resource);
    const bundle = workspace.bundle(resource);
    const isOpen = (name: string): boolean => name === '' || options.external.includes(name);
    if (resource instanceof Workload) {
      for (const volume of list(resource.pod.volumes)) {
        const source = digRecord(volume, 'persistentVolumeClaim');
        const name = source?.['claimName'];
        if (!source || typeof name !== 'string' || isOpen(name) || unit.find('PersistentVolumeClaim', name).length > 0)
          continue;
        if (unit.once(templatesOf).some((pattern) => pattern.test(name))) continue;
        const other = foundElsewhere(bundle.find('PersistentVolumeClaim', name, '*'), namespace);
        if (!bundle.live && !other && bundle.all('PersistentVolumeClaim').length === 0) continue;
        const place = { on: source, key: 'claimName' } as const;
        const why = whyObjectUnseen(unit, 'PersistentVolumeClaim', name, namespace);
        if (isLeftOpen(name, place, context)) continue;
        if (why !== undefined) undetermined(why, place);
        else if (other)
          report({
            message: 'elsewhere',
            data: { title, name, other: other.namespace },
            ...place,
            related: [other.at],
          });
        else report({ message: 'claim', data: { title, name }, ...place });
      }
      const claims =
        resource.known === 'StatefulSet' ? dig(resource.object, 'spec', 'volumeClaimTemplates') : undefined;
      for (const claim of digList(claims)) judgeClass(digRecord(claim, 'spec'));
    } else judgeClass(digRecord(resource.object, 'spec'));

    function judgeClass(spec: Readonly<Record<string, unknown>> | undefined): void {
      const name = spec?.['storageClassName'];
      if (!spec || typeof name !== 'string' || isOpen(name) || isPlatformObject('StorageClass', name, '')) return;
      if (
        unit.find('StorageClass', name, '*').length > 0 ||
        (!bundle.live && bundle.all('StorageClass', '*').length === 0)
      )
        return;
      // A volume of the input with the same class can be bound without a StorageClass.
      if (unit.all('PersistentVolume', '*').some((volume) => dig(volume.object, 'spec', 'storageClassName') === name))
        return;
      const place = { on: spec, key: 'storageClassName' } as const;
      const why = whyObjectUnseen(unit, 'StorageClass', name, undefined);
      if (why === undefined)
        report({
          message: 'class',
          data: { title, name },
          ...place,
          ...(bundle.live ? {} : { severity: 'low' as const }),
        });
      else undetermined(why, place);
    }
  },
});

/** Names of the claims that StatefulSets create. */
function templatesOf(unit: Neighbours): readonly RegExp[] {
  return unit.all('StatefulSet', '*').flatMap(({ object, name }) => {
    const claims = dig(object, 'spec', 'volumeClaimTemplates');
    return digList(claims).flatMap((claim) => {
      const template = dig(claim, 'metadata', 'name');
      const quoted = `${text(template) ?? ''}-${name}-`.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return typeof template === 'string' ? [new RegExp(`^${quoted}\\d+$`)] : [];
    });
  });
}
