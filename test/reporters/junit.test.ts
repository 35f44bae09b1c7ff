import { describe, expect, it } from 'vitest';
import junit from '#reporters/junit.ts';
import { at, commandsIn, finding, hostileReport, options, report, unseenIn } from './sample.ts';

describe('junit', () => {
  it('has one passed case for a clean run', () => {
    expect(junit.format(report(), options)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ekslint" tests="1" failures="0" errors="0" skipped="0" time="0">
  <testsuite name="ekslint" tests="1" failures="0" errors="0" skipped="0" time="0">
    <testcase classname="ekslint" name="judged 61 objects and 0 clusters with 143 rules" time="0"/>
  </testsuite>
</testsuites>
`);
  });
  it('has a suite for each file: findings fail, ignored ones are skipped, what was not judged is an error', () => {
    const { subject } = finding();
    const text = junit.format(
      report({
        findings: [
          finding({ message: 'a < "b" & c', help: 'Do it' }),
          finding({ hidden: { by: 'comment', reason: 'demo' } }),
        ],
        undetermined: [{ rule: 'a/b', subject, why: 'var.x is hidden', at: at('main.tf', 2, 1) }],
        crashes: [{ rule: 'c/d', subject, at: at('main.tf', 3, 1), error: new Error('boom') }],
        notes: [{ kind: 'incomplete', message: 'big.yaml: not read' }],
      }),
      options,
    );
    expect(text.split('\n').slice(1)).toEqual([
      '<testsuites name="ekslint" tests="6" failures="1" errors="3" skipped="1" time="0">',
      '  <testsuite name="ekslint" tests="2" failures="0" errors="1" skipped="0" time="0">',
      '    <testcase classname="ekslint" name="judged 61 objects and 0 clusters with 143 rules" time="0"/>',
      '    <testcase classname="ekslint" name="complete" time="0">',
      '      <error message="big.yaml: not read"/>',
      '    </testcase>',
      '  </testsuite>',
      '  <testsuite name="deploy/web.yaml" tests="2" failures="1" errors="0" skipped="1" time="0">',
      '    <testcase classname="iam/irsa-and-pod-identity" name="ServiceAccount/shop/web" file="deploy/web.yaml" line="24" time="0">',
      '      <failure type="high" message="a &lt; &quot;b&quot; &amp; c. Do it"/>',
      '    </testcase>',
      '    <testcase classname="iam/irsa-and-pod-identity" name="ServiceAccount/shop/web" file="deploy/web.yaml" line="24" time="0">',
      '      <skipped message="ServiceAccount &quot;web&quot; has an IRSA role and a Pod Identity association (ignored: demo)"/>',
      '    </testcase>',
      '  </testsuite>',
      '  <testsuite name="main.tf" tests="2" failures="0" errors="2" skipped="0" time="0">',
      '    <testcase classname="a/b" name="ServiceAccount/shop/web" file="main.tf" line="2" time="0">',
      '      <error message="not judged: var.x is hidden"/>',
      '    </testcase>',
      '    <testcase classname="c/d" name="ServiceAccount/shop/web" file="main.tf" line="3" time="0">',
      '      <error message="rule c/d crashed: boom"/>',
      '    </testcase>',
      '  </testsuite>',
      '</testsuites>',
      '',
    ]);
  });
  it('stays valid XML whatever the text', () => {
    const text = junit.format(hostileReport(), { ...options, githubActions: true });
    expect([unseenIn(text), commandsIn(text)]).toEqual([[], []]);
    const shape =
      /^(?:<\?xml version="1\.0" encoding="UTF-8"\?>| *<(?:testsuites?|testcase|failure|error|skipped)(?: [a-z]+="[^<>"]*")*\/?>| *<\/(?:testsuites?|testcase)>)$/;
    expect(text.split('\n').filter((line) => line !== '' && !shape.test(line))).toEqual([]);
    expect(text.match(/&(?!(?:amp|lt|gt|quot);)/g)).toBeNull();
  });
});
