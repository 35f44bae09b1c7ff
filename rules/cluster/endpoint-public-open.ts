import { defineRule } from '#rule';
import { cidrSize, coversInternet, inside, isPrivate } from '#rule/cidr';
import { clusterTitle, whereWritten } from '#rule/cluster';

/** Addresses of a block; an IPv6 network of 64 bits counts as one, because sites get no smaller ones. */
const weight = (cidr: string): number => (cidr.includes(':') ? Math.ceil(cidrSize(cidr) / 2 ** 64) : cidrSize(cidr));

export default defineRule({
  title: 'Public API endpoint must not be open to the whole internet',
  severity: 'high',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'model',
  options: {
    maxAddresses: {
      type: 'integer',
      minimum: 0,
      default: 65536,
      description: 'How many addresses the CIDRs may cover together. An IPv6 /64 counts as one.',
    },
    allowCidrs: {
      type: 'array',
      items: { type: 'string' },
      default: [],
      description: 'CIDRs that are not counted, such as those of a VPN provider.',
    },
  },
  messages: {
    open: 'The API endpoint of {cluster} accepts connections from the whole internet, so leaked credentials work from anywhere',
    wide: 'The API endpoint of {cluster} is open to {count} public addresses, more than the limit of {max}, so leaked credentials work from many places',
  },
  help: 'List the CIDRs of your offices and CI in publicAccessCidrs, e.g. 203.0.113.0/24, or disable the public endpoint',
  equivalents: [
    'checkov:CKV_AWS_38',
    'trivy:AWS-0041',
    'prowler:eks_cluster_not_publicly_accessible',
    'cis-eks-1.7:5.4.1',
    'cis-eks-1.8:5.4.1',
    'kubescape:C-0227',
    'kics:EKS Cluster Has Public Access CIDRs',
  ],
  sources: [
    'EKS Best Practices Guide, Security > Identity and Access Management > Make the EKS cluster endpoint private',
    'CIS Amazon EKS Benchmark, 5.4.1',
  ],
  check(cluster, { options, report }) {
    const { public: isPublic, publicCidrs } = cluster.endpoint;
    const counted = (cidr: string) => !isPrivate(cidr) && !inside(cidr, options.allowCidrs);
    const open = publicCidrs.has((cidr) => cidr.where((block) => coversInternet(block) && counted(block)));
    const known = new Set(
      publicCidrs.items.flatMap(({ value }) => (value !== undefined && counted(value) ? [value] : [])),
    );
    const count = [...known].reduce((sum, cidr) => sum + weight(cidr), 0);
    const reachable = isPublic.is(true).and(cluster.outpost.is(true).not());
    const world = publicCidrs.items.find(({ value }) => value !== undefined && coversInternet(value));
    const at = whereWritten(world ?? publicCidrs, isPublic);
    if (open.state !== 'yes' && count > options.maxAddresses)
      report({
        when: reachable,
        message: 'wide',
        data: { cluster: clusterTitle(cluster), count, max: options.maxAddresses },
        at,
      });
    else report({ when: reachable.and(open), message: 'open', data: { cluster: clusterTitle(cluster) }, at });
  },
});
