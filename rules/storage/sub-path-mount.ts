import { defineRule } from '#rule';
import { isRecord, list, text } from '#rule/shape';

export default defineRule({
  title: 'Volume should be mounted without subPath',
  severity: 'info',
  preset: 'opt-in',
  kinds: ['Workload'],
  needs: ['subPath', 'subPathExpr'],
  scope: 'resource',
  messages: {
    stale: 'Container "{container}" of {workload} mounts {path} with {key}, so updates of the {source} do not reach it',
    used: 'Container "{container}" of {workload} mounts {path} with {key}, which has allowed access to node files (CVE-2021-25741)',
  },
  help: {
    stale: 'Mount the whole volume into its own directory, and remove {key}',
    used: 'Use a volume for each directory, and remove {key}',
  },
  equivalents: ['kubescape:C-0058'],
  sources: ['CVE-2021-25741 advisory'],
  check(workload, { report }) {
    const sources = new Map(
      list(workload.pod.volumes).flatMap((volume) => {
        const source = isRecord(volume.configMap)
          ? 'ConfigMap'
          : isRecord(volume.secret)
            ? 'Secret'
            : isRecord(volume.projected) || isRecord(volume.downwardAPI)
              ? 'volume'
              : undefined;
        return source === undefined ? [] : [[volume.name, source] as const];
      }),
    );
    for (const container of workload.containers)
      for (const mount of list(container.object.volumeMounts)) {
        const key = (['subPath', 'subPathExpr'] as const).find((one) => (text(mount[one]) ?? '') !== '');
        if (key === undefined) continue;
        const data = { container: container.name, workload: workload.title, path: text(mount.mountPath) ?? '', key };
        const source = sources.get(mount.name);
        if (source === undefined) report({ message: 'used', data, on: mount, key });
        else report({ message: 'stale', data: { ...data, source }, on: mount, key });
      }
  },
});
