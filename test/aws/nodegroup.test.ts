import { expect, test } from 'vitest';
import { read } from '../inputs/read.ts';

test.each([
  ['a number', 3, 'no'],
  ['the version that the template returns', { 'Fn::GetAtt': ['T', 'LatestVersionNumber'] }, 'no'],
  ['the newest version', '$Latest', 'yes'],
  ['what another resource returns', { 'Fn::GetAtt': ['P', 'Value'] }, 'unknown'],
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
  const asked = loose.map((part) => part.kind === 'nodegroup' && part.templateVersion.is('$Latest').state);
  expect(asked).toEqual([follows]);
});
