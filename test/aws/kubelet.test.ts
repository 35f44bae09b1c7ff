import { expect, test } from 'vitest';
import type { NodeTemplate } from '#model/cluster.ts';
import { dashed, flagOf } from '#model/kubelet.ts';
import { read } from '../inputs/read.ts';

/** The template of a group whose launch template has this user data. */
function templateWith(userData: unknown): NodeTemplate {
  const { loose } = read({
    't.json': JSON.stringify({
      Parameters: { P: { Type: 'String' } },
      Resources: {
        G: {
          Type: 'AWS::EKS::Nodegroup',
          Properties: { ClusterName: 'c', NodegroupName: 'g', LaunchTemplate: { Id: { Ref: 'T' }, Version: '1' } },
        },
        T: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: { UserData: userData } } },
      },
    }),
  });
  const [group] = loose.flatMap((part) => (part.kind === 'nodegroup' ? [part] : []));
  if (!group) throw new Error('no group');
  return group.template;
}
const told = (userData: unknown, path: string): string | undefined => {
  const { state, value } = templateWith(userData).kubelet.setting(path);
  return state === 'unknown' ? 'unknown' : value;
};
const encoded = (text: string): string => Buffer.from(text).toString('base64');

const bootstrap = '#!/bin/bash\n/etc/eks/bootstrap.sh c';
const mime = (...parts: readonly string[]): string =>
  ['MIME-Version: 1.0', 'Content-Type: multipart/mixed;', ' boundary="B"', '', ...parts, '--B--', ''].join('\n');
const part = (type: string, body: string, head = ''): string => `--B\nContent-Type: ${type}\n${head}\n${body}`;
const nodeConfig = (kubelet: object): string =>
  JSON.stringify({ apiVersion: 'node.eks.aws/v1alpha1', kind: 'NodeConfig', spec: { kubelet } });

test.each<[name: string, userData: unknown, path: string, told: string | undefined]>([
  ['nothing', undefined, 'maxPods', undefined],
  ['a script without flags', bootstrap, 'maxPods', undefined],
  ['quotes', `${bootstrap} --kubelet-extra-args '--max-pods=5'`, 'maxPods', '5'],
  ['double quotes', `${bootstrap} --kubelet-extra-args "--max-pods 5 --v=2"`, 'maxPods', '5'],
  ['an equals sign', `${bootstrap} --kubelet-extra-args=--max-pods=5`, 'maxPods', '5'],
  ['a line that goes on', `${bootstrap} \\\n  --kubelet-extra-args '--max-pods=5'`, 'maxPods', '5'],
  ['quotes within', `${bootstrap} --kubelet-extra-args "--node-labels='a=b' --max-pods=\\"5\\""`, 'maxPods', '5'],
  ['a comment', `${bootstrap}\n# --kubelet-extra-args '--max-pods=5'`, 'maxPods', undefined],
  ['the last one counts', `${bootstrap} --kubelet-extra-args '--max-pods=5 --max-pods=6'`, 'maxPods', '6'],
  [
    'a flag without a value',
    `${bootstrap} --kubelet-extra-args '--anonymous-auth --v=1'`,
    'authentication.anonymous.enabled',
    'true',
  ],
  ['a variable of the shell', `${bootstrap} --kubelet-extra-args "--max-pods=$MAX"`, 'maxPods', 'unknown'],
  ['the variable that the script reads', `export KUBELET_EXTRA_ARGS="--max-pods=5"\n${bootstrap}`, 'maxPods', '5'],
  [
    'PowerShell',
    '<powershell>\n& $EKSBootstrapScriptFile -KubeletExtraArgs "--max-pods=5"\n</powershell>',
    'maxPods',
    '5',
  ],
  ['base64', encoded(`${bootstrap} --kubelet-extra-args '--max-pods=5'`), 'maxPods', '5'],
  ['a gate in a flag', `${bootstrap} --kubelet-extra-args '--feature-gates=A=true,B=false'`, 'featureGates.B', 'false'],
  ['fields of a NodeConfig', nodeConfig({ config: { maxPods: 5 } }), 'maxPods', '5'],
  ['a flag beats a field', nodeConfig({ config: { maxPods: 5 }, flags: ['--max-pods=6'] }), 'maxPods', '6'],
  ['a list', nodeConfig({ config: { allowedUnsafeSysctls: ['a', 'b'] } }), 'allowedUnsafeSysctls', 'a,b'],
  [
    'another object',
    '---\napiVersion: v1\nkind: ConfigMap\nspec: {kubelet: {config: {maxPods: 5}}}\n',
    'maxPods',
    undefined,
  ],
  [
    'a NodeConfig that cannot be read',
    'apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: [',
    'maxPods',
    'unknown',
  ],
  [
    'a MIME message',
    mime(part('text/x-shellscript', 'echo'), part('application/node.eks.aws', nodeConfig({ config: { maxPods: 5 } }))),
    'maxPods',
    '5',
  ],
  [
    'a part in base64',
    mime(
      part(
        'application/node.eks.aws',
        encoded(nodeConfig({ config: { maxPods: 5 } })),
        'Content-Transfer-Encoding: base64\n',
      ),
    ),
    'maxPods',
    '5',
  ],
  ['Bottlerocket', '[settings.kubernetes]\nmax-pods = 5\n', 'maxPods', '5'],
  ['Bottlerocket, dotted', 'settings.kubernetes.event-qps = 0\n', 'eventRecordQPS', '0'],
  ['Bottlerocket that cannot be read', '[settings.kubernetes]\nmax-pods = \n', 'maxPods', 'unknown'],
  ['a parameter', { Ref: 'P' }, 'maxPods', 'unknown'],
  [
    'a name that a parameter holds',
    { 'Fn::Base64': { 'Fn::Sub': `#!/bin/bash\n/etc/eks/bootstrap.sh \${P} --kubelet-extra-args '--max-pods=5'` } },
    'maxPods',
    '5',
  ],
  [
    'a name that a parameter holds, and nothing else',
    { 'Fn::Base64': { 'Fn::Sub': `#!/bin/bash\n/etc/eks/bootstrap.sh \${P} --use-max-pods false` } },
    'maxPods',
    undefined,
  ],
  [
    'arguments that a parameter holds',
    { 'Fn::Base64': { 'Fn::Sub': `#!/bin/bash\n/etc/eks/bootstrap.sh c \${P}` } },
    'maxPods',
    'unknown',
  ],
  [
    'a line that a parameter holds',
    { 'Fn::Base64': { 'Fn::Sub': `#!/bin/bash\n\${P}\n/etc/eks/bootstrap.sh c` } },
    'maxPods',
    'unknown',
  ],
  [
    'a value that a parameter holds',
    { 'Fn::Sub': 'apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: {kubelet: {config: {maxPods: "${P}"}}}' },
    'maxPods',
    'unknown',
  ],
  [
    'flags that a parameter holds',
    { 'Fn::Base64': { 'Fn::Sub': `${bootstrap} --kubelet-extra-args '\${P} --v=2'` } },
    'maxPods',
    'unknown',
  ],
])('%s', (_, userData, path, expected) => {
  expect(told(userData, path)).toBe(expected);
});

test('gates are named in flags and fields', () => {
  const gatesIn = (userData: unknown): unknown[] => {
    const { gates } = templateWith(userData).kubelet;
    return [gates.complete, gates.items.map(({ value }) => value)];
  };
  expect(gatesIn(`${bootstrap} --kubelet-extra-args '--feature-gates=A=true,B=false'`)).toEqual([true, ['A', 'B']]);
  expect(gatesIn(nodeConfig({ config: { featureGates: { C: true } } }))).toEqual([true, ['C']]);
  expect(gatesIn({ Ref: 'P' })).toEqual([false, []]);
});

test('fields, flags and settings of Bottlerocket have the same names with dashes', () => {
  expect(['maxPods', 'serverTLSBootstrap', 'eventRecordQPS', 'kubeAPIBurst', 'podPidsLimit'].map(dashed)).toEqual([
    'max-pods',
    'server-tls-bootstrap',
    'event-qps',
    'kube-api-burst',
    'pod-pids-limit',
  ]);
  expect(['maxPods', 'serverTLSBootstrap', 'readOnlyPort', 'authorization.mode'].map(flagOf)).toEqual([
    'max-pods',
    'rotate-server-certificates',
    'read-only-port',
    'authorization-mode',
  ]);
});
