import { defineRule } from '#rule';

export default defineRule({
  title: 'EKS capability must be valid',
  severity: 'high',
  preset: 'recommended',
  kinds: ['capability'],
  scope: 'model',
  messages: {
    type: 'Capability "{name}" has the unknown type "{type}", so EKS rejects it',
    center: 'Capability "{name}" has no IAM Identity Center instance, so EKS rejects it',
    argo: 'Capability "{name}" configures Argo CD but has type {type}, so EKS rejects it',
    policy: 'Capability "{name}" has the deletion policy "{policy}", but EKS accepts only RETAIN',
    role: 'Capability "{name}" maps the unknown role "{role}", so EKS rejects it',
  },
  help: {
    type: 'Use ACK, ARGOCD or KRO',
    center: 'Set awsIdc.idcInstanceArn to the ARN of the instance',
    argo: 'Remove the configuration, or set the type to ARGOCD',
    policy: 'Use RETAIN',
    role: 'Use ADMIN, EDITOR or VIEWER',
  },
  equivalents: [],
  sources: ['Amazon EKS API Reference, CreateCapability', 'AWS CloudFormation schema, AWS::EKS::Capability'],
  check({ subject, type, argoCd, deletePropagationPolicy, at }, { report }) {
    const { name } = subject;
    const isArgo = type.is('ARGOCD');
    report({
      when: type.where((one) => !['ACK', 'ARGOCD', 'KRO'].includes(one)),
      message: 'type',
      data: { name, type: type.value ?? '' },
      at: type.at,
    });
    report({
      when: isArgo.and(argoCd.identityCenter.present.not()),
      message: 'center',
      data: { name },
      at: argoCd.written.state === 'set' ? argoCd.identityCenter.at : at,
    });
    report({
      when: type.present.and(isArgo.not()).and(argoCd.written.is(true)),
      message: 'argo',
      data: { name, type: type.value ?? '' },
      at: argoCd.written.at,
    });
    report({
      when: deletePropagationPolicy.where((one) => one !== 'RETAIN'),
      message: 'policy',
      data: { name, policy: deletePropagationPolicy.value ?? '' },
      at: deletePropagationPolicy.at,
    });
    for (const role of argoCd.roles)
      report({
        when: role.where((one) => !['ADMIN', 'EDITOR', 'VIEWER'].includes(one)),
        message: 'role',
        data: { name, role: role.value ?? '' },
        at: role.at,
      });
  },
});
