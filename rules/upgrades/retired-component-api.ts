import { defineRule } from '#rule';
import { retiredApi } from '#rule/api';

/** Whether a release is before another, number by number. */
const isBefore = (release: string, other: string): boolean => {
  const [a, b] = [release, other].map((one) => one.replace(/^v/, '').split('.').map(Number));
  for (let i = 0; i < Math.max(a?.length ?? 0, b?.length ?? 0); i++) {
    const difference = (a?.[i] ?? 0) - (b?.[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
};

export default defineRule({
  title: 'Custom resource version must be served by its component',
  severity: 'high',
  preset: 'recommended',
  kinds: ['Resource'],
  scope: 'workspace',
  fix: 'suggestion: use the new apiVersion',
  options: {
    components: {
      type: 'array',
      items: { type: 'string', pattern: '^[a-z-]+=v?[0-9.]+$' },
      default: [],
      description: 'Releases of components that you run, e.g. cert-manager=1.5.',
    },
  },
  messages: {
    retired:
      '{resource} uses {apiVersion}, which {component} {removed} and later do not serve, so it is rejected; use {replacement}',
  },
  help: 'Change apiVersion to {replacement}, or list the older release in the option components',
  equivalents: ['pluto:component versions'],
  sources: ['Release notes of cert-manager, Istio, Gateway API, external-snapshotter'],
  check(resource, { options, workspace, report }) {
    const { object, apiVersion, kind, group, version, title, live } = resource;
    const row = live ? undefined : retiredApi(apiVersion, kind);
    if (!row) return;
    const { component, removed, replacement } = row;
    const given = options.components.find((one) => one.startsWith(`${component}=`))?.slice(component.length + 1);
    if (given !== undefined && isBefore(given, removed)) return;
    // If a definition in the input serves the version, that is the installed component.
    if (workspace.definitions.of(group, kind).some(({ versions }) => versions.get(version)?.served === true)) return;
    report({
      message: 'retired',
      data: { resource: title, apiVersion, component, removed, replacement },
      on: object,
      key: 'apiVersion',
      fix: { safe: false, edits: [{ op: 'set', on: object, key: 'apiVersion', value: replacement }] },
    });
  },
});
