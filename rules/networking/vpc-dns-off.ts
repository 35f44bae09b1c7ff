import { defineRule } from '#rule';

export default defineRule({
  title: 'Cluster VPC must have DNS support and DNS hostnames',
  severity: 'high',
  preset: 'recommended',
  kinds: ['vpc'],
  scope: 'model',
  fix: 'safe: enable the setting',
  messages: {
    off: 'The VPC of {user} has {what} disabled, so nodes cannot find the API server and do not join',
  },
  help: 'Set EnableDnsSupport and EnableDnsHostnames (Terraform enable_dns_support, enable_dns_hostnames) to true',
  equivalents: [],
  sources: ['Amazon EKS User Guide, VPC and subnet requirements', 'Amazon EKS User Guide, AWS Fargate considerations'],
  check({ dnsSupport, dnsHostnames, users }, { report }) {
    const [user] = users;
    // A VPC that no cluster uses is not judged.
    if (user === undefined) return;
    for (const [what, fact] of [
      ['DNS support', dnsSupport],
      ['DNS hostnames', dnsHostnames],
    ] as const)
      report({
        when: fact.is(false),
        message: 'off',
        data: { what, user },
        at: fact.at,
        fix: { safe: true, edits: fact.write(true) },
      });
  },
});
