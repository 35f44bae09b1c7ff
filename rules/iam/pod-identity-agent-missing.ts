import { Answer, defineRule } from '#rule';
import { clusterTitle } from '#rule/cluster';

const agent = 'eks-pod-identity-agent';

export default defineRule({
  title: 'Cluster with Pod Identity associations must run the agent',
  severity: 'high',
  preset: 'recommended',
  kinds: ['cluster'],
  scope: 'workspace',
  asks: ['addon', 'podIdentity'],
  messages: {
    missing: 'The EKS Pod Identity agent is missing in {cluster}, so pods with an association get no credentials',
  },
  help: 'Add the add-on eks-pod-identity-agent to the cluster',
  equivalents: [],
  sources: [
    'Amazon EKS User Guide, EKS Pod Identities',
    'eksctl User Guide, EKS Pod Identity Associations: the add-on eks-pod-identity-agent must be installed',
  ],
  check(cluster, { report, workspace }) {
    const { addons, autoMode, podIdentities } = cluster;
    const withRole = addons.items.filter(({ podIdentity }) => podIdentity.value === true);
    const [first] = [...podIdentities, ...withRole];
    if (!first) return;
    // An agent that is installed by other means, or in files that do not say for which cluster, counts.
    const elsewhere =
      workspace.all('DaemonSet').some(({ name }) => name === agent) ||
      workspace.loose.some((part) => part.kind === 'addon' && part.name.where((name) => name === agent).state !== 'no');
    report({
      when: addons
        .lacks(({ name }) => name.is(agent))
        .and(autoMode.is(false))
        .and(elsewhere ? Answer.no : Answer.yes),
      message: 'missing',
      data: { cluster: clusterTitle(cluster) },
      at: first.at,
    });
  },
});
