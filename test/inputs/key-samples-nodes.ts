import type { Sample } from './key-samples.ts';

/* Kubelet settings in every form that user data takes, as a launch template of CloudFormation contains it. */

const groups = (data: Readonly<Record<string, unknown>>): Sample['files'] => ({
  'template.json': JSON.stringify(
    {
      Parameters: { Hidden: { Type: 'String' } },
      Resources: Object.fromEntries(
        Object.entries(data).flatMap(([name, text]) => [
          [
            `${name}Template`,
            {
              Type: 'AWS::EC2::LaunchTemplate',
              Properties: { LaunchTemplateData: { UserData: { 'Fn::Base64': text } } },
            },
          ],
          [
            name,
            {
              Type: 'AWS::EKS::Nodegroup',
              Properties: {
                ClusterName: 'c',
                NodegroupName: name,
                LaunchTemplate: { Id: { Ref: `${name}Template` } },
              },
            },
          ],
        ]),
      ),
    },
    null,
    1,
  ),
});
const sub = (text: string): object => ({ 'Fn::Sub': text });
const nodeConfig = (kubelet: string): string =>
  `apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n${kubelet.replaceAll(/^/gm, '    ')}\n`;
const message = (...parts: readonly string[]): string =>
  [
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="//"\n\n',
    ...parts.map((part) => `--//\n${part}\n`),
    '--//--\n',
  ].join('');
const encoded = (text: string): string => Buffer.from(text).toString('base64');

export const nodeSamples: readonly Sample[] = [
  {
    name: 'Nodes: NodeConfig of nodeadm',
    files: groups({
      Fields: nodeConfig(`config:
  authentication:
    anonymous: {enabled: true}
    webhook: {enabled: false}
    x509: {clientCAFile: ''}
  readOnlyPort: 10255
  tlsCipherSuites: [TLS_A, TLS_B]
  featureGates: {RotateKubeletServerCertificate: false, Other: true}`),
      Flags: nodeConfig(
        `flags: ['--anonymous-auth=true', --read-only-port, '10255', '--feature-gates=First=true,Second=false']`,
      ),
      Parts: message(
        `Content-Type: application/node.eks.aws\n\n${nodeConfig('config: {eventRecordQPS: 0}')}`,
        `Content-Type: text/x-shellscript; charset="us-ascii"\nContent-Transfer-Encoding: base64\n\n${encoded(
          `#!/bin/bash\n/etc/eks/bootstrap.sh c --kubelet-extra-args '--streaming-connection-idle-timeout=0 --protect-kernel-defaults'\n`,
        )}`,
      ),
      List: nodeConfig('config:\n  authorization: {mode: {a: b}}'),
      Broken: nodeConfig('config: [a'),
      Hidden: sub(nodeConfig('config: "${Hidden}"')),
      HiddenFlag: sub(nodeConfig('flags: ["${Hidden}", "--max-pods=${Hidden}"]')),
      HiddenGates: sub(nodeConfig('flags: ["--feature-gates=${Hidden}"]')),
      Another: `apiVersion: node.eks.aws/v1alpha1\nkind: Another\nspec: {kubelet: {flags: ["--read-only-port=1"]}}\n`,
    }),
  },
  {
    name: 'Nodes: settings of Bottlerocket and scripts',
    files: groups({
      Settings: `[settings.kubernetes]
cluster-name = "c"
event-qps = 0
registry-qps = 1
cpu-cfs-quota = false
cluster-dns-ip = "10.0.0.10"
server-tls-bootstrap = false
allowed-unsafe-sysctls = ["net.core.somaxconn"]
[settings.kubernetes.eviction-hard]
"memory.available" = "5%"
`,
      Dotted: `settings.kubernetes.container-log-max-size = "10Mi"\n`,
      Broken: '[settings.kubernetes\nmax-pods = 1\n',
      Script: `#!/bin/bash
export KUBELET_EXTRA_ARGS="--make-iptables-util-chains=false --node-labels=a=b"
/etc/eks/bootstrap.sh c --use-max-pods false --kubelet-extra-args "--feature-gates=RotateKubeletServerCertificate=false"
`,
      Windows: `<powershell>\n& $EKSBootstrapScriptFile -EKSClusterName c -KubeletExtraArgs '--read-only-port=10255'\n</powershell>\n`,
      Hidden: sub('#!/bin/bash\n/etc/eks/bootstrap.sh c ${Hidden}\n'),
      HiddenLine: sub('#!/bin/bash\n${Hidden}\n/etc/eks/bootstrap.sh c\n'),
      HiddenValue: sub("#!/bin/bash\n/etc/eks/bootstrap.sh c --kubelet-extra-args '--max-pods=${Hidden}'\n"),
    }),
  },
];
