import { expect, test } from 'vitest';
import { read } from '../inputs/read.ts';

test.each([
  ['a number', 3, false],
  ['the version that the template returns', { 'Fn::GetAtt': ['T', 'LatestVersionNumber'] }, false],
  ['the newest version', '$Latest', true],
  ['what another resource returns', { 'Fn::GetAtt': ['P', 'Value'] }, undefined],
])('whether nodes follow their launch template: %s', (_, version, follows) => {
  const { loose } = read({
    't.json': JSON.stringify({
      Resources: {
        G: {
          Type: 'AWS::EKS::Nodegroup',
          Properties: { ClusterName: 'c', NodegroupName: 'g', LaunchTemplate: { Id: { Ref: 'T' }, Version: version } },
        },
        T: { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: {} } },
        P: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: 'x' } },
      },
    }),
  });
  const asked = loose.map((part) => part.kind === 'nodegroup' && part.templateVersion.is('$Latest').value);
  expect(asked).toEqual([follows]);
});
