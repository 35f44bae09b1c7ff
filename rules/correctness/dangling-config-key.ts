import { defineRule } from '#rule';
import { nearest } from '#rule/nearest';
import { isGenerated, keysOf, isMadeByOther, referencesOf } from '#rule/references';
import { dig, list } from '#rule/shape';
import { unrendered } from '#rule/unknown';

export default defineRule({
  title: 'Referenced key must exist in the ConfigMap or Secret',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['configMap', 'secret', 'configMapKeyRef', 'secretKeyRef'],
  scope: 'workspace',
  fix: 'suggestion: use the closest key',
  messages: {
    near: '{workload} refers to key "{key}" of {kind} "{name}", which lacks it (did you mean "{near}"?), so its pods cannot start',
    missing: '{workload} refers to key "{key}" of {kind} "{name}", which lacks it, so its pods cannot start',
    path: '{workload} mounts "{key}" of ConfigMap "{name}", which lacks that key, so its pods see an empty directory',
  },
  help: {
    near: 'Refer to key {near}',
    missing: 'Add key {key} to the {kind}, or correct the reference',
    path: 'Set subPath to a key of the ConfigMap',
  },
  equivalents: ['popeye:401', 'kube-linter:env-value-from'],
  sources: ['Kubernetes documentation, ConfigMaps'],
  check(workload, { workspace, report }) {
    const unit = workspace.unit(workload);
    /** The keys of all objects that the name may refer to; undefined if something else fills one of them. */
    const keysFor = (kind: 'ConfigMap' | 'Secret', name: string): readonly string[] | undefined => {
      const found = unit.find(kind, name);
      if (found.length === 0 || isGenerated(workspace, kind, name) || isMadeByOther(unit, name, workload.namespace))
        return undefined;
      const all = found.map(keysOf);
      return all.every((keys) => keys !== undefined) ? all.flat() : undefined;
    };
    for (const { kind, name, keys } of referencesOf(workload)) {
      if (keys.length === 0) continue;
      const known = keysFor(kind, name);
      if (!known) continue;
      for (const { key, on, at } of keys) {
        if (known.includes(key) || key === '' || unrendered(key)) continue;
        const near = nearest(key, known);
        const data = { workload: workload.title, key, kind, name };
        if (near === undefined) report({ message: 'missing', data, on, key: at });
        else
          report({
            message: 'near',
            data: { ...data, near },
            on,
            key: at,
            fix: { safe: false, edits: [{ op: 'set', on, key: at, value: near }] },
          });
      }
    }
    const maps = new Map(
      list(workload.pod.volumes).flatMap((volume) => {
        const name = dig(volume.configMap, 'name');
        const isWhole = dig(volume.configMap, 'items') === undefined && dig(volume.configMap, 'optional') !== true;
        return typeof name === 'string' && isWhole ? [[volume.name, name] as const] : [];
      }),
    );
    for (const { object } of workload.containers)
      for (const mount of list(object.volumeMounts)) {
        const name = maps.get(mount.name);
        const key: unknown = mount.subPath;
        if (name === undefined || typeof key !== 'string' || key === '' || key.includes('/') || unrendered(key))
          continue;
        const known = keysFor('ConfigMap', name);
        if (known && !known.includes(key))
          report({ message: 'path', data: { workload: workload.title, key, name }, on: mount, key: 'subPath' });
      }
  },
});
