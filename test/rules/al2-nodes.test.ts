import { expect, it } from 'vitest';
import rule from '../../rules/upgrades/al2-nodes.ts';
import { lintTexts } from '../lint-texts.ts';

const group = (version: string) => `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: prod, region: eu-central-1, version: "${version}"}
managedNodeGroups: [{name: web, amiFamily: AmazonLinux2}]
`;

it.each([
  ['1.32', '2025-11-26', 'medium'],
  ['1.32', '2025-11-27', 'high'],
  ['1.33', '2025-06-01', 'high'],
])('Amazon Linux 2 on %s on %s is of %s severity', async (version, today, severity) => {
  const { findings } = await lintTexts({ 'c.yaml': group(version) }, [{ ...rule, id: 'upgrades/al2-nodes' }], {
    options: { today },
  });
  expect(findings.map((one) => one.severity)).toEqual([severity]);
});
