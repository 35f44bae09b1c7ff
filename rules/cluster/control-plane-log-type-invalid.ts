import { defineRule } from '#rule';
import { clusterStart } from '#rule/cluster';
import { nearest } from '#rule/nearest';

const types = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

export default defineRule({
  title: 'Control plane log types must be valid',
  severity: 'high',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  fix: 'safe: correct the log type',
  messages: {
    unknown: '{cluster} enables the unknown log type "{type}", so EKS rejects it',
    near: '{cluster} enables the unknown log type "{type}" instead of "{known}", so EKS rejects it',
  },
  help: 'Use api, audit, authenticator, controllerManager or scheduler',
  equivalents: [],
  sources: ['eksctl validation and schema: log type unknown'],
  check(cluster, { report }) {
    for (const type of cluster.logging) {
      const { value, at } = type;
      const near = value === undefined ? undefined : nearest(value, types);
      const about = { when: type.where((one) => !types.includes(one)), at };
      const data = { cluster: clusterStart(cluster), type: value ?? '' };
      if (near === undefined) report({ ...about, message: 'unknown', data });
      else
        report({
          ...about,
          message: 'near',
          data: { ...data, known: near },
          fix: { safe: true, edits: type.write(near) },
        });
    }
  },
});
