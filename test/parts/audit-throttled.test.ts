import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { run } from '#commands/audit.ts';
import type { Report } from '#model/finding.ts';
import type * as Pipeline from '#pipeline.ts';
import { everyRule } from './audit-flags.ts';
import { type AuditedAccount, startAuditedAccount } from './audited-account.ts';
import { type AwsServer, type Call, refuse, whyNoMoto } from './moto.ts';
import { expectNoFlip, verdictsOf } from './verdicts.ts';

/* Services of AWS that are asked too often. These tests wait for the pauses of real retries, so they are in a file of their own. */

const why = whyNoMoto();
if (why !== undefined) console.warn(`skipped: ${why}`);

const heard = vi.hoisted(() => ({ report: undefined as unknown }));
vi.mock('#commands/output.ts', async (original) => ({ ...(await original<object>()), print: () => {}, say: () => {} }));
vi.mock('#pipeline.ts', async (original) => {
  const { lint, ...others } = await original<typeof Pipeline>();
  return {
    ...others,
    lint: async (options: Parameters<typeof lint>[0]) => (heard.report = await lint(options)),
  };
});

describe.skipIf(why !== undefined)('an audit whose calls AWS throttles', () => {
  let parts: AuditedAccount;
  let aws: AwsServer;
  let answerEks: AwsServer['answer'];
  beforeAll(async () => {
    parts = await startAuditedAccount();
    ({ aws, answerEks } = parts);
  }, 300_000);
  afterAll(async () => await parts?.stop());
  beforeEach(() => {
    aws.answer = answerEks;
  });
  const audit = async () => {
    aws.calls.length = 0;
    const code = await run(['prod'], everyRule);
    return { code, report: heard.report as Report };
  };

  test('a throttled call is retried', async () => {
    let busy = 3;
    aws.answer = (call, response) => {
      if (call.operation !== 'eks:ListNodegroups' || busy-- <= 0) return answerEks(call, response);
      refuse(call, response, 429, 'ThrottlingException');
      return true;
    };
    const { code, report } = await audit();
    expect({ code, complete: report.complete }).toEqual({ code: 0, complete: true });
    // Three rejections, and two pages.
    expect(aws.calls.filter(({ operation }) => operation === 'eks:ListNodegroups')).toHaveLength(5);
  }, 60_000);

  /** What services say to those who call too often. */
  const throttle = (call: Call, response: Parameters<AwsServer['answer']>[1]): true => {
    const [status, code] = call.operation.startsWith('ec2:')
      ? ([503, 'RequestLimitExceeded'] as const)
      : /^(?:iam|rds|autoscaling|sts):/.test(call.operation)
        ? ([400, 'Throttling'] as const)
        : call.operation.startsWith('eks:')
          ? ([429, 'TooManyRequestsException'] as const)
          : ([400, 'ThrottlingException'] as const);
    refuse(call, response, status, code);
    return true;
  };
  test('every fifth call that is throttled, of all services, changes nothing', async () => {
    const full = await audit();
    const calls = new Map<string, number>();
    aws.answer = (call, response) => {
      const service = call.operation.replace(/:.*/, '');
      const earlier = calls.get(service) ?? 0;
      calls.set(service, earlier + 1);
      return earlier % 5 === 0 ? throttle(call, response) : answerEks(call, response);
    };
    const busy = await audit();
    expect(calls.size).toBeGreaterThan(6);
    expect({ code: busy.code, complete: busy.report.complete }).toEqual({ code: 0, complete: true });
    expect(verdictsOf(busy.report)).toEqual(verdictsOf(full.report));
  }, 180_000);
  test('calls that are throttled without end are named, their rules are not judged, and the rest is', async () => {
    const full = (await audit()).report;
    const denied = ['ec2:DescribeSubnets', 'iam:GetRole'];
    aws.answer = (call, response) =>
      denied.includes(call.operation) ? throttle(call, response) : answerEks(call, response);
    const { code, report } = await audit();
    expect({ code, complete: report.complete }).toEqual({ code: 3, complete: false });
    expectNoFlip('throttled', report, full);
    expect(report.findings.length).toBeGreaterThan(10);
    expect(report.notes.map(({ message }) => message)).toEqual(
      expect.arrayContaining(
        denied.map((action) => `${action} failed: AWS throttles the calls: rules that need it were not judged`),
      ),
    );
    // Each call is tried eight times; once an action has been given up, those that are not under way are not made.
    for (const action of denied) {
      const tries = aws.calls.filter(({ operation }) => operation === action).length;
      expect({ action, rest: tries % 8 }).toEqual({ action, rest: 0 });
      expect(tries, action).toBeLessThanOrEqual(6 * 8);
    }
  }, 300_000);
});
