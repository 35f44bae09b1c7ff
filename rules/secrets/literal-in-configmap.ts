import { defineRule } from '#rule';
import { credentialOptions, credentialReader, credentialsIn, isLoneKeyId, listNames } from '#rule/credentials';
import { digRecord, text } from '#rule/shape';

export default defineRule({
  title: 'ConfigMap must not contain a credential',
  severity: 'high',
  preset: 'recommended',
  kinds: ['ConfigMap'],
  scope: 'resource',
  options: credentialOptions,
  messages: {
    shape: '{configmap} contains {what} in "{key}", so anyone who can read ConfigMaps or the manifest has it',
    name: '{configmap} sets {names} in plain text, so anyone who can read ConfigMaps or the manifest has it',
    inside: '{configmap} sets {names} in the text "{key}", so anyone who can read ConfigMaps or the manifest has it',
  },
  help: 'Move the value to a Secret, refer to it from the pod, and rotate the credential',
  equivalents: ['polaris:sensitiveConfigmapContent', 'trivy:KSV-0109', 'kubescape:C-0012'],
  sources: ['OWASP Kubernetes Top Ten'],
  check(configmap, { options, report }) {
    const reader = credentialReader(options);
    const data = digRecord(configmap.object, 'data') ?? {};
    for (const [key, written] of Object.entries(data)) {
      const value = text(written);
      if (value === undefined || isLoneKeyId(key, value)) continue;
      const place = { on: data, key };
      const single = !value.trim().includes('\n');
      if (single && reader.shapeOf(value) === undefined && reader.isNamed(key, value)) {
        report({ message: 'name', data: { configmap: configmap.title, names: key }, ...place });
        continue;
      }
      const { what, names } = credentialsIn(value, key, reader);
      if (what !== undefined) report({ message: 'shape', data: { configmap: configmap.title, what, key }, ...place });
      else if (names.length > 0)
        report({ message: 'inside', data: { configmap: configmap.title, names: listNames(names), key }, ...place });
    }
    const binary = digRecord(configmap.object, 'binaryData') ?? {};
    for (const [key, value] of Object.entries(binary)) {
      const what = reader.shapeOf(text(value) ?? '');
      if (what !== undefined)
        report({ message: 'shape', data: { configmap: configmap.title, what, key }, on: binary, key });
    }
  },
});
