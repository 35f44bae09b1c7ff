import { defineRule } from '#rule';

export default defineRule({
  title: 'Add-on configuration must be a map',
  severity: 'high',
  preset: 'recommended',
  kinds: ['addon'],
  scope: 'model',
  messages: {
    map: 'The configuration of add-on "{addon}" is not a JSON or YAML map, so EKS rejects it',
    env: 'The configuration of add-on "{addon}" has a non-string value in env, so EKS rejects it',
    corefile: 'The Corefile of add-on "{addon}" has no server block for port 53, so the cluster has no DNS',
  },
  help: {
    map: 'Write one JSON object, e.g. {"replicaCount":3}',
    env: 'Quote the value, e.g. "true"',
    corefile: 'Add a server block that starts with .:53',
  },
  equivalents: [],
  sources: [
    'eksctl validation and schema: addons[].configurationValues',
    'Amazon EKS User Guide, EKS add-on advanced configuration',
  ],
  check({ name, settings, subject }, { report }) {
    const addon = subject.name;
    report({ when: settings.written.and(settings.valid.not()), message: 'map', data: { addon }, at: settings.at });
    if (settings.valid.state !== 'yes') return;
    if (name.is('vpc-cni').state === 'yes')
      for (const key of settings.keys('env'))
        report({
          when: settings.isText('env', key.value ?? '').not(),
          message: 'env',
          data: { addon },
          at: key.at,
        });
    const corefile = settings.text('corefile');
    report({
      when: name.is('coredns').and(corefile.where((text) => !/^\s*\.:53\b/m.test(text))),
      message: 'corefile',
      data: { addon },
      at: corefile.at,
    });
  },
});
