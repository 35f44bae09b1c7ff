import { afterEach, expect, test, vi } from 'vitest';
import { Description } from '#spelling/resource.ts';
import { read } from '../inputs/read.ts';

/* Links between many resources are looked up once for each of them, not once for each pair. */

afterEach(() => {
  vi.restoreAllMocks();
});

const template = (resources: readonly (readonly [string, object])[]): Record<string, string> => ({
  'template.json': JSON.stringify({ Resources: Object.fromEntries(resources) }),
});
const numbers = (count: number): number[] => [...Array(count).keys()];

const cases = {
  'rules of security groups that are elsewhere': (count: number) =>
    numbers(count).flatMap((i) => [
      [`G${i}`, { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'g' } }] as const,
      [
        `R${i}`,
        { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId: `sg-${i}`, IpProtocol: 'tcp' } },
      ] as const,
    ]),
  'policies of roles that are elsewhere': (count: number) =>
    numbers(count).flatMap((i) => [
      [`G${i}`, { Type: 'AWS::IAM::Role', Properties: { RoleName: `r${i}` } }] as const,
      [`P${i}`, { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'p', Roles: [`x${i}`] } }] as const,
    ]),
};

/** How often links are followed while all lists of all parts are read. */
function linksOf(files: Record<string, string>): number {
  const linked = vi.spyOn(Description.prototype, 'linked');
  for (const part of read(files).aws) {
    if (part.kind === 'securityGroup') expect([...part.ingress]).toEqual([]);
    if (part.kind === 'iamRole') expect([...part.managed, ...part.inline]).toEqual([]);
  }
  const count = linked.mock.calls.length;
  linked.mockRestore();
  return count;
}

test.each(Object.entries(cases))('%s: twice as many take twice as many look-ups', (_, make) => {
  const [some, more] = [linksOf(template(make(100))), linksOf(template(make(200)))];
  expect(some).toBeGreaterThan(100);
  expect(more).toBeLessThan(2.2 * some);
});

test('a name that many roles have lists few of the policies for each, and says that there are more', () => {
  const files = Object.fromEntries(
    numbers(40).flatMap((i) => [
      [`roles/${i}/main.tf`, 'resource "aws_iam_role" "node" {\n  name = "node"\n}\n'],
      [
        `policies/${i}/main.tf`,
        'resource "aws_iam_role_policy_attachment" "p" {\n  role       = "node"\n  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"\n}\n',
      ],
    ]),
  );
  const roles = read(files).aws.filter((part) => part.kind === 'iamRole');
  expect(roles).toHaveLength(40);
  for (const { managed } of roles) {
    expect([...managed]).toHaveLength(20);
    expect(managed.complete).toBe(false);
    expect(managed.why).toBe('node is defined more than once, so it is not known which is meant');
  }
});
