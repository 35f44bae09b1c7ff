import { expect, test } from 'vitest';
import { rules } from '../../src/rule/registry.ts';
import { lintTexts } from '../lint-texts.ts';

/* AWS SAM Developer Guide, AWS SAM CLI configuration file. */

const open = rules.filter(({ id }) => id === 'cluster/endpoint-public-open');
const template = `Transform: AWS::Serverless-2016-10-31
Parameters: {Public: {Type: String, Default: "false"}, Name: {Type: String, Default: c}}
Resources:
  C:
    Type: AWS::EKS::Cluster
    Properties: {Name: !Ref Name, ResourcesVpcConfig: {EndpointPublicAccess: !Ref Public}}
`;
const findingsOf = async (files: Readonly<Record<string, string>>) =>
  (await lintTexts({ 'template.yaml': template, ...files }, open)).findings.map(({ message, at, related }) => [
    [at, ...related].map(({ source, start }) => `${source}:${start?.line}`).join(' '),
    message.slice(-40),
  ]);
const environment = (name: string, written: string) =>
  `[${name}.deploy.parameters]\nstack_name = "a"\nparameter_overrides = ${written}\n`;

test.each([
  '"Public=true"',
  `'Name="a b" Public="true"'`,
  '"Name=\\"a\\" Public=\\"true\\""',
  '"ParameterKey=Name,ParameterValue=d ParameterKey=Public,ParameterValue=true"',
  '[\n  "Name=d", # a comment\n  "Public=true",\n]',
  '"""\nName=a \\\nPublic=true"""',
  '{ Public = "true" }',
])('parameters of samconfig.toml: %s', async (written) => {
  const found = await findingsOf({ 'samconfig.toml': `version = 0.1\n${environment('default', written)}` });
  expect(found).toHaveLength(1);
  expect(String(found[0]?.[0])).toContain('samconfig.toml:4');
});

test('each environment is a way to deploy, and one in YAML as well', async () => {
  const toml = environment('dev', '"Public=false"') + environment('prod', '"Public=true"');
  expect(String(await findingsOf({ 'samconfig.toml': toml }))).toContain('as applied with samconfig.toml (prod)');
  const yaml = 'version: 0.1\ndefault:\n  global:\n    parameters:\n      parameter_overrides: Public=true\n';
  expect(await findingsOf({ 'samconfig.yaml': yaml })).toHaveLength(1);
  expect(await findingsOf({ 'samconfig.toml': environment('dev', '"Public=false"') })).toEqual([]);
  expect(await findingsOf({ 'samconfig.toml': 'version = 0.1\n' })).toEqual([]);
});

test('the parameters are for the named template', async () => {
  const toml = `[prod.global.parameters]\ntemplate_file = "./other.yaml"\n${environment('prod', '"Public=true"')}`;
  const found = await findingsOf({ 'samconfig.toml': toml, 'other.yaml': template });
  expect(found).toHaveLength(1);
});

test('the parameters are for no template in another folder, nor for another one if the named one has none', async () => {
  const files = { 'template.yaml': 'Resources: {A: {Type: AWS::SNS::Topic}}\n', 'infra/cluster.yaml': template };
  const opened = template.replace('Default: "false"', 'Default: "true"');
  const toml = environment('default', '"Public=false"');
  for (const text of [toml, `[default.global.parameters]\ntemplate_file = "template.yaml"\n${toml}`]) {
    const found = await findingsOf({ ...files, 'infra/cluster.yaml': opened, 'samconfig.toml': text });
    expect(found, text).toHaveLength(1);
  }
  expect(
    await findingsOf({
      'template.yaml': files['template.yaml'],
      'cluster.yaml': opened,
      'samconfig.toml': `[default.global.parameters]\ntemplate_file = "template.yaml"\n${toml}`,
    }),
  ).toHaveLength(1);
});

test('a file that cannot be read is reported without its text', async () => {
  const { findings } = await lintTexts(
    { 'samconfig.toml': 'version = 0.1\na = "secret\nb = 1\n' },
    rules.filter(({ id }) => id === 'correctness/yaml-syntax'),
  );
  expect(findings.map(({ at, message }) => [at.start?.line, message.includes('secret')])).toEqual([[2, false]]);
});
