import { defineRule } from '#rule';

export default defineRule({
  title: 'OIDC identity provider must have prefixes for users and groups',
  severity: 'high',
  preset: 'recommended',
  kinds: ['identityProvider'],
  scope: 'model',
  messages: {
    missing: 'Identity provider "{provider}" has no groupsPrefix, so its users can claim groups of other principals',
    system: 'Identity provider "{provider}" has "{prefix}" as {what} prefix, so its users can claim system names',
  },
  help: {
    missing: 'Set groupsPrefix to a string such as "oidc:"',
    system: 'Use a prefix such as "oidc:"',
  },
  equivalents: [],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management > Alternative approaches',
    'Kubernetes documentation, Authenticating (OpenID Connect tokens)',
  ],
  check({ groupsClaim, groupsPrefix, usernamePrefix, subject }, { report }) {
    const provider = subject.name;
    report({
      when: groupsClaim.present.and(groupsPrefix.present.not()),
      message: 'missing',
      data: { provider },
      at: groupsClaim.at,
    });
    for (const [what, prefix] of [
      ['groups', groupsPrefix],
      ['user name', usernamePrefix],
    ] as const)
      report({
        when: prefix.where((text) => text === '-' || text.startsWith('system:')),
        message: 'system',
        data: { provider, what, prefix: prefix.value ?? '' },
        at: prefix.at,
      });
  },
});
