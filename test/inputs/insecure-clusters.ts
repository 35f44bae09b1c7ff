/*
 * One insecure cluster with its network and roles, as objects of ACK and of Crossplane's provider of Upbound: a role that any service
 * account may assume with a policy that allows everything, a node group in a public subnet, and a security group that is open.
 */

type Objects = Readonly<Record<string, string>>;

const account = 'arn:aws:iam::111122223333';
const issuer = 'oidc.eks.eu-west-1.amazonaws.com/id/A1';
/** Anything that a service account of the namespace `shop` may be called. */
const trust = JSON.stringify({
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: `${account}:oidc-provider/${issuer}` },
      Condition: {
        StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' },
        StringLike: { [`${issuer}:sub`]: 'system:serviceaccount:shop:*' },
      },
    },
  ],
});
const ofNodes = JSON.stringify({
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
});
const everything = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
const reading = JSON.stringify({
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop/*' }],
});

const filesOf = (all: readonly object[]): Objects =>
  Object.fromEntries(all.map((one, index) => [`${String(index).padStart(2, '0')}.yaml`, JSON.stringify(one, null, 1)]));
const serviceAccount = (name: string, namespace: string): object => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace, annotations: { 'eks.amazonaws.com/role-arn': `${account}:role/web` } },
});
/** The trust of the role names the namespace of the first. */
const serviceAccounts = [serviceAccount('web', 'shop'), serviceAccount('job', 'pay')];
/** An object of Kubernetes that has the name of others. */
const namesake = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'web', namespace: 'infra' },
  rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }],
};

function ack(): Objects {
  const object = (service: string, kind: string, name: string, spec: object): object => ({
    apiVersion: `${service}.services.k8s.aws/v1alpha1`,
    kind,
    metadata: { name, namespace: 'infra' },
    spec,
  });
  const to = (name: string): object => ({ from: { name } });
  const named = (value: string): object => ({ tags: [{ key: 'Name', value }] });
  return filesOf([
    object('iam', 'Role', 'web', {
      name: 'web',
      assumeRolePolicyDocument: trust,
      policyRefs: [to('all')],
      inlinePolicies: { reading },
    }),
    object('iam', 'Policy', 'all', { name: 'all', policyDocument: everything }),
    object('iam', 'Role', 'nodes', {
      name: 'nodes',
      assumeRolePolicyDocument: ofNodes,
      policies: [`${account}:policy/x`],
      permissionsBoundaryRef: to('limits'),
    }),
    object('iam', 'InstanceProfile', 'nodes', { name: 'nodes', roleRef: to('nodes') }),
    object('iam', 'OpenIDConnectProvider', 'eks', { url: `https://${issuer}`, clientIDs: ['sts.amazonaws.com'] }),
    object('ec2', 'VPC', 'main', {
      cidrBlocks: ['10.0.0.0/16', '100.64.0.0/16'],
      enableDNSSupport: true,
      enableDNSHostnames: true,
      ...named('main'),
    }),
    object('ec2', 'InternetGateway', 'main', { vpcRef: to('main') }),
    object('ec2', 'NATGateway', 'main', { subnetRef: to('public'), allocationRef: to('address') }),
    object('ec2', 'RouteTable', 'public', {
      vpcRef: to('main'),
      routes: [{ destinationCIDRBlock: '0.0.0.0/0', gatewayRef: to('main') }],
    }),
    object('ec2', 'RouteTable', 'private', {
      vpcRef: to('main'),
      routes: [
        { destinationCIDRBlock: '0.0.0.0/0', natGatewayRef: to('main') },
        { destinationIPv6CIDRBlock: '::/0', egressOnlyInternetGatewayID: 'eigw-1' },
        { destinationCIDRBlock: '10.9.0.0/16', vpcEndpointRef: to('s3') },
      ],
    }),
    object('ec2', 'Subnet', 'public', { vpcRef: to('main'), cidrBlock: '10.0.1.0/24', routeTableRefs: [to('public')] }),
    object('ec2', 'Subnet', 'private', {
      vpcRef: to('main'),
      cidrBlock: '10.0.2.0/24',
      routeTableRefs: [to('private')],
    }),
    object('ec2', 'RouteTable', 'ids', {
      vpcID: 'vpc-1',
      routes: [
        { destinationCIDRBlock: '0.0.0.0/0', gatewayID: 'igw-1' },
        { destinationCIDRBlock: '10.8.0.0/16', natGatewayID: 'nat-1' },
        { destinationCIDRBlock: '10.7.0.0/16', vpcEndpointID: 'vpce-1' },
      ],
    }),
    object('ec2', 'Subnet', 'ids', {
      vpcID: 'vpc-1',
      cidrBlock: '10.0.3.0/24',
      mapPublicIPOnLaunch: false,
      outpostARN: 'arn:aws:outposts:o',
      routeTables: ['rtb-1'],
    }),
    object('ec2', 'NATGateway', 'ids', { subnetID: 'subnet-1', allocationID: 'eipalloc-1' }),
    object('ec2', 'VPCEndpoint', 's3', {
      vpcRef: to('main'),
      serviceName: 'com.amazonaws.eu-west-1.s3',
      vpcEndpointType: 'Interface',
      privateDNSEnabled: true,
    }),
    object('ec2', 'FlowLog', 'main', { resourceID: 'vpc-1', resourceType: 'VPC', trafficType: 'REJECT' }),
    object('ec2', 'NetworkACL', 'main', {
      vpcRef: to('main'),
      associations: [{ subnetRef: to('private') }],
      entries: [
        {
          ruleNumber: 100,
          egress: false,
          ruleAction: 'allow',
          protocol: '6',
          cidrBlock: '10.0.0.0/16',
          portRange: { from: 443, to: 443 },
        },
        { ruleNumber: 100, egress: true, ruleAction: 'allow', protocol: '-1', ipv6CIDRBlock: '::/0' },
      ],
    }),
    object('ec2', 'SecurityGroup', 'open', {
      name: 'open',
      vpcRef: to('main'),
      ingressRules: [
        { ipProtocol: 'tcp', fromPort: 10250, toPort: 10250, ipRanges: [{ cidrIP: '0.0.0.0/0' }] },
        {
          ipProtocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          userIDGroupPairs: [{ groupRef: to('open') }, { groupID: 'sg-9' }],
        },
      ],
      egressRules: [{ ipProtocol: '-1', ipRanges: [{ cidrIP: '0.0.0.0/0' }] }],
    }),
    object('kms', 'Key', 'secrets', { enableKeyRotation: true }),
    object('kms', 'Alias', 'secrets', { name: 'alias/secrets', targetKeyRef: to('secrets') }),
    object('eks', 'Cluster', 'shop', {
      name: 'shop',
      version: '1.33',
      roleRef: to('control-plane'),
      encryptionConfig: [{ resources: ['secrets'], provider: { keyRef: to('secrets') } }],
      resourcesVPCConfig: { subnetRefs: [to('public'), to('private')], securityGroupRefs: [to('open')] },
    }),
    object('eks', 'Nodegroup', 'web', {
      name: 'web',
      clusterRef: to('shop'),
      nodeRoleRef: to('nodes'),
      subnetRefs: [to('public')],
      remoteAccess: { ec2SshKey: 'k', sourceSecurityGroupRefs: [to('open')] },
    }),
    object('eks', 'Nodegroup', 'inside', {
      name: 'inside',
      clusterRef: to('shop'),
      nodeRoleRef: to('nodes'),
      subnetRefs: [to('private')],
    }),
    object('eks', 'FargateProfile', 'jobs', {
      name: 'jobs',
      clusterRef: to('shop'),
      podExecutionRoleRef: to('nodes'),
      subnetRefs: [to('private')],
      selectors: [{ namespace: 'jobs' }],
    }),
    object('eks', 'Addon', 'vpc-cni', { name: 'vpc-cni', clusterRef: to('shop'), serviceAccountRoleRef: to('web') }),
    object('eks', 'Addon', 'aws-ebs-csi-driver', {
      name: 'aws-ebs-csi-driver',
      clusterRef: to('shop'),
      podIdentityAssociations: [{ serviceAccount: 'ebs', roleRef: to('web') }],
    }),
    object('eks', 'PodIdentityAssociation', 'a', {
      clusterRef: to('shop'),
      namespace: 'shop',
      serviceAccount: 'api',
      roleRef: to('web'),
      targetRoleRef: to('nodes'),
    }),
    ...serviceAccounts,
    namesake,
  ]);
}

/** `tool`: the API group of the objects, of the cluster or of a namespace. */
function upbound(tool: string, version: string, block: (map: object) => unknown): Objects {
  const labels = (name: string): object => ({ network: name });
  const object = (service: string, kind: string, name: string, forProvider: object): object => ({
    apiVersion: `${service}.${tool}/${version}`,
    kind,
    metadata: { name, labels: labels(name), ...(tool.includes('.m.') ? { namespace: 'infra' } : {}) },
    spec: { forProvider },
  });
  const to = (key: string, name: string): object => ({ [`${key}Ref`]: { name } });
  const all = (key: string, ...names: readonly string[]): object => ({
    [`${key}Refs`]: names.map((name) => ({ name })),
  });
  const labeled = (key: string, name: string): object => ({ [`${key}Selector`]: { matchLabels: labels(name) } });
  return filesOf([
    object('iam', 'Role', 'web', { assumeRolePolicy: trust, inlinePolicy: [{ name: 'reading', policy: reading }] }),
    object('iam', 'Policy', 'all', { policy: everything }),
    object('iam', 'RolePolicyAttachment', 'web', { ...to('role', 'web'), ...labeled('policyArn', 'all') }),
    object('iam', 'Role', 'nodes', { assumeRolePolicy: ofNodes, ...all('managedPolicyArns', 'reading') }),
    object('iam', 'RolePolicy', 'nodes', { ...labeled('role', 'nodes'), policy: reading }),
    object('iam', 'InstanceProfile', 'nodes', to('role', 'nodes')),
    object('iam', 'OpenIDConnectProvider', 'eks', { url: `https://${issuer}`, clientIdList: ['sts.amazonaws.com'] }),
    object('ec2', 'VPC', 'main', { cidrBlock: '10.0.0.0/16', enableDnsSupport: true, tags: { Name: 'main' } }),
    object('ec2', 'VPCIPv4CidrBlockAssociation', 'main', { cidrBlock: '100.64.0.0/16', ...to('vpcId', 'main') }),
    object('ec2', 'InternetGateway', 'main', to('vpcId', 'main')),
    object('ec2', 'NATGateway', 'main', { ...to('subnetId', 'public'), ...to('allocationId', 'address') }),
    object('ec2', 'RouteTable', 'public', to('vpcId', 'main')),
    object('ec2', 'RouteTable', 'private', labeled('vpcId', 'main')),
    object('ec2', 'Route', 'public', {
      destinationCidrBlock: '0.0.0.0/0',
      ...to('routeTableId', 'public'),
      ...to('gatewayId', 'main'),
    }),
    object('ec2', 'Route', 'private', {
      destinationCidrBlock: '0.0.0.0/0',
      ...to('routeTableId', 'private'),
      ...to('natGatewayId', 'main'),
    }),
    object('ec2', 'Route', 'six', {
      destinationIpv6CidrBlock: '::/0',
      ...to('routeTableId', 'private'),
      ...to('egressOnlyGatewayId', 'six'),
    }),
    object('ec2', 'Route', 'inner', {
      destinationCidrBlock: '10.9.0.0/16',
      ...to('routeTableId', 'private'),
      ...to('vpcEndpointId', 's3'),
    }),
    object('ec2', 'Subnet', 'public', { cidrBlock: '10.0.1.0/24', ...to('vpcId', 'main') }),
    object('ec2', 'Subnet', 'private', { cidrBlock: '10.0.2.0/24', ...labeled('vpcId', 'main') }),
    object('ec2', 'RouteTableAssociation', 'public', { ...to('routeTableId', 'public'), ...to('subnetId', 'public') }),
    object('ec2', 'RouteTableAssociation', 'private', {
      ...labeled('routeTableId', 'private'),
      ...labeled('subnetId', 'private'),
    }),
    object('ec2', 'VPCEndpoint', 's3', {
      serviceName: 'com.amazonaws.eu-west-1.s3',
      vpcEndpointType: 'Interface',
      privateDnsEnabled: true,
      ...to('vpcId', 'main'),
    }),
    object('ec2', 'FlowLog', 'main', { trafficType: 'REJECT', ...to('vpcId', 'main') }),
    object('ec2', 'NetworkACL', 'main', { ...to('vpcId', 'main'), ...all('subnetId', 'private') }),
    object('ec2', 'NetworkACLRule', 'main', {
      ...to('networkAclId', 'main'),
      ruleNumber: 100,
      ruleAction: 'allow',
      protocol: '-1',
      cidrBlock: '10.0.0.0/16',
      fromPort: 443,
      toPort: 443,
    }),
    object('ec2', 'SecurityGroup', 'open', { name: 'open', ...to('vpcId', 'main') }),
    object('ec2', 'SecurityGroupRule', 'open', {
      type: 'ingress',
      protocol: 'tcp',
      fromPort: 10250,
      toPort: 10250,
      cidrBlocks: ['0.0.0.0/0'],
      ...to('securityGroupId', 'open'),
    }),
    object('ec2', 'SecurityGroupRule', 'out', {
      type: 'egress',
      protocol: '-1',
      ...to('securityGroupId', 'open'),
      ...to('sourceSecurityGroupId', 'open'),
    }),
    object('ec2', 'SecurityGroupIngressRule', 'inner', {
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      ...to('securityGroupId', 'open'),
      ...to('referencedSecurityGroupId', 'open'),
    }),
    object('ec2', 'SecurityGroupEgressRule', 'out', {
      ipProtocol: '-1',
      cidrIpv4: '0.0.0.0/0',
      ...labeled('securityGroupId', 'open'),
    }),
    object('ec2', 'LaunchTemplate', 'nodes', {
      name: 'nodes',
      ...all('vpcSecurityGroupId', 'open'),
      iamInstanceProfile: block(to('name', 'nodes')),
      blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: block(to('kmsKeyId', 'secrets')) }],
      networkInterfaces: [all('securityGroup', 'open')],
    }),
    object('kms', 'Key', 'secrets', { enableKeyRotation: true }),
    object('kms', 'Alias', 'secrets', to('targetKeyId', 'secrets')),
    object('eks', 'Cluster', 'shop', {
      version: '1.33',
      ...to('roleArn', 'control-plane'),
      vpcConfig: block({ ...all('subnetId', 'public', 'private'), ...labeled('securityGroupId', 'open') }),
    }),
    object('eks', 'NodeGroup', 'web', {
      ...to('clusterName', 'shop'),
      ...to('nodeRoleArn', 'nodes'),
      ...all('subnetId', 'public'),
      remoteAccess: block({ ec2SshKey: 'k', ...all('sourceSecurityGroupId', 'open') }),
    }),
    object('eks', 'NodeGroup', 'inside', {
      ...labeled('clusterName', 'shop'),
      ...labeled('nodeRoleArn', 'nodes'),
      ...all('subnetId', 'private'),
    }),
    object('eks', 'NodeGroup', 'labeled', { ...to('clusterName', 'shop'), ...labeled('subnetId', 'public') }),
    object('eks', 'FargateProfile', 'jobs', {
      ...to('clusterName', 'shop'),
      ...to('podExecutionRoleArn', 'nodes'),
      ...all('subnetId', 'private'),
      selector: [{ namespace: 'jobs' }],
    }),
    object('eks', 'Addon', 'vpc-cni', {
      addonName: 'vpc-cni',
      ...to('clusterName', 'shop'),
      ...to('serviceAccountRoleArn', 'web'),
    }),
    object('eks', 'PodIdentityAssociation', 'a', {
      namespace: 'shop',
      serviceAccount: 'api',
      ...to('clusterName', 'shop'),
      ...to('roleArn', 'web'),
      ...to('targetRoleArn', 'nodes'),
    }),
    object('eks', 'AccessEntry', 'web', { ...to('clusterName', 'shop'), ...to('principalArnFromRole', 'web') }),
    object('eks', 'AccessPolicyAssociation', 'web', {
      ...to('clusterName', 'shop'),
      ...to('principalArn', 'web'),
      policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
      accessScope: block({ type: 'cluster' }),
    }),
    ...serviceAccounts,
    namesake,
  ]);
}

export const insecureClusters: readonly { readonly name: string; readonly files: Objects }[] = [
  { name: 'ACK: an insecure cluster with network and roles', files: ack() },
  {
    name: 'Upbound: an insecure cluster with network and roles',
    files: upbound('aws.upbound.io', 'v1beta1', (map) => [map]),
  },
  {
    name: 'Upbound: an insecure cluster with network and roles, blocks as maps',
    files: upbound('aws.upbound.io', 'v1beta2', (map) => map),
  },
  {
    name: 'Upbound: an insecure cluster with network and roles in a namespace',
    files: upbound('aws.m.upbound.io', 'v1beta1', (map) => map),
  },
];
