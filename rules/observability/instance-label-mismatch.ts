import { defineRule } from '#rule';
import { digRecord, text } from '#rule/shape';

const label = 'app.kubernetes.io/instance';

export default defineRule({
  title: 'Label app.kubernetes.io/instance should match the name',
  severity: 'info',
  preset: 'opt-in',
  kinds: ['Workload'],
  scope: 'resource',
  messages: {
    mismatch:
      '{workload} has the instance label "{value}", but its name does not start with it, so it appears under another instance',
  },
  help: 'Set app.kubernetes.io/instance to the name, or to the part of the name that all objects of the instance share',
  equivalents: ['polaris:metadataAndInstanceMismatched'],
  sources: ['polaris check list'],
  check(workload, { report }) {
    const labels = digRecord(workload.object, 'metadata', 'labels');
    const value = text(labels?.[label]);
    if (!labels || value === undefined || value === '' || workload.byShape || workload.name === '') return;
    if (workload.name === value || workload.name.startsWith(`${value}-`)) return;
    report({ message: 'mismatch', data: { workload: workload.title, value }, on: labels, key: label });
  },
});
