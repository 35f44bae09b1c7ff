import { defineRule } from '#rule';
import { parameterKey, parameterReaders } from '#rule/parameter';

export default defineRule({
  title: 'Parameter that pods use as a secret should be a SecureString',
  severity: 'medium',
  preset: 'strict',
  kinds: ['ssmParameter'],
  scope: 'workspace',
  messages: {
    plain: 'Parameter "{name}" is a {type}, so the secret that {reader} creates from it is stored in plain text',
  },
  help: 'Set the type to SecureString, which encrypts the value with a KMS key',
  equivalents: [],
  sources: ['EKS Best Practices Guide, Security > Data encryption and secrets management'],
  check({ name, type }, { report, workspace }) {
    const reader = name.value === undefined ? undefined : parameterReaders(workspace).get(parameterKey(name.value));
    if (!reader) return;
    report({
      when: type.where((one) => one === 'String' || one === 'StringList'),
      message: 'plain',
      data: { name: name.value ?? '', type: type.value ?? '', reader: reader.title },
      at: type.at,
    });
  },
});
