import { defineRule } from '#rule';
import { dig, digList, list } from '#rule/shape';
import { unrendered } from '#rule/unknown';

export default defineRule({
  title: 'Container and volume names must be unique',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Workload'],
  scope: 'resource',
  messages: {
    repeated: '{title} has two {what} named "{name}", so the API server rejects it',
    mount: 'Container "{container}" of {title} mounts two volumes at {path}, so the API server rejects it',
    claim: '{title} has a volume and a claim template named "{name}", so the claim replaces the volume',
  },
  help: {
    repeated: 'Rename one of them',
    mount: 'Choose another mountPath for one of them',
    claim: 'Remove the volume, or rename the claim template',
  },
  equivalents: ['kube-linter:schema-validation'],
  sources: ['Kubernetes API reference'],
  check(workload, { report }) {
    const { title, pod } = workload;
    const judge = (
      items: readonly object[],
      key: string,
      repeated: (name: string, on: object, first: object) => void,
    ): void => {
      const seen = new Map<string, object>();
      for (const item of items) {
        const name = dig(item, key);
        if (typeof name !== 'string' || name === '' || unrendered(name)) continue;
        const first = seen.get(name);
        if (first) repeated(name, item, first);
        else seen.set(name, item);
      }
    };
    judge(
      workload.containers.map(({ object }) => object),
      'name',
      (name, on, first) =>
        report({
          message: 'repeated',
          data: { title, what: 'containers', name },
          on,
          key: 'name',
          related: [workload.place(first, 'name')],
        }),
    );
    const volumes = list(pod.volumes);
    judge(volumes, 'name', (name, on, first) =>
      report({
        message: 'repeated',
        data: { title, what: 'volumes', name },
        on,
        key: 'name',
        related: [workload.place(first, 'name')],
      }),
    );
    for (const { object, name: container } of workload.containers) {
      judge(list(object.volumeMounts), 'mountPath', (path, on, first) =>
        report({
          message: 'mount',
          data: { container, title, path },
          on,
          key: 'mountPath',
          related: [workload.place(first, 'mountPath')],
        }),
      );
      judge(list(object.volumeDevices), 'devicePath', (path, on, first) =>
        report({
          message: 'mount',
          data: { container, title, path },
          on,
          key: 'devicePath',
          related: [workload.place(first, 'devicePath')],
        }),
      );
    }
    if (workload.known !== 'StatefulSet') return;
    for (const claim of digList(workload.object, 'spec', 'volumeClaimTemplates')) {
      const name = dig(claim, 'metadata', 'name');
      const volume = volumes.find((one) => one.name === name);
      if (volume && typeof name === 'string')
        report({ message: 'claim', data: { title, name }, on: volume, key: 'name', severity: 'medium' });
    }
  },
});
