import { defineRule, Resource } from '#rule';
import { dig, digRecord } from '#rule/shape';

export default defineRule({
  title: 'Nodes must run in private subnets',
  severity: 'high',
  preset: 'recommended',
  kinds: ['nodegroup', 'EC2NodeClass'],
  scope: 'model',
  messages: {
    subnet:
      'Node group "{group}" runs in a public subnet, so one open security group exposes its nodes to the internet',
    address: '{nodes} gives its nodes public IP addresses, so one open security group exposes them to the internet',
  },
  help: {
    subnet: 'Use private subnets with a route to a NAT gateway (eksctl: privateNetworking: true)',
    address: 'Remove the public IP address, and use private subnets with a route to a NAT gateway',
  },
  equivalents: [
    'hardeneks:deploy_workers_onto_private_subnets',
    'cis-eks-1.7:5.4.3',
    'cis-eks-1.8:5.4.3',
    'kubescape:C-0229',
    'checkov:CKV_AWS_130',
    'checkov:CKV_AWS_88',
  ],
  sources: [
    'EKS Best Practices Guide, Security > Protecting the infrastructure > Deploy workers onto private subnets',
    'CIS Amazon EKS Benchmark, 5.4.3',
  ],
  check(subject, { report }) {
    if (subject instanceof Resource) {
      const spec = digRecord(subject.object, 'spec');
      if (spec && dig(spec, 'associatePublicIPAddress') === true)
        report({ message: 'address', data: { nodes: subject.title }, on: spec, key: 'associatePublicIPAddress' });
      return;
    }
    const { subnets, publicIp } = subject;
    const group = subject.subject.name;
    if (publicIp.value === true) {
      report({ message: 'address', data: { nodes: `Node group "${group}"` }, at: publicIp.at });
      return;
    }
    const open = [...subnets].find(({ isPublic }) => isPublic.state === 'yes');
    const unclear = [...subnets].find(({ isPublic }) => isPublic.state === 'unknown');
    report({
      when: subnets.has(({ isPublic }) => isPublic),
      message: 'subnet',
      data: { group },
      at: (open ?? unclear ?? subnets).at,
    });
  },
});
