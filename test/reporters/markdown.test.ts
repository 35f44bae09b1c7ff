import * as fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import markdown, { mostBytes } from '#reporters/markdown.ts';
import { at, commandsIn, finding, hostileReport, options, report, unseenIn } from './sample.ts';

/** As GitHub renders it: with tables, bare links, and HTML of the text. */
const render = (text: string): string =>
  micromark(text, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
const tagsIn = (html: string): string[] => html.match(/<[^>]*>?/g) ?? [];
const textOf = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('\u200b', '');
const ours =
  /^<\/?(?:h3|h4|p|ul|li|code|strong|br|table|thead|tbody|tr|th|td)>$|^<\/a>$|^<a href="https:\/\/github\.com\/ekslint\/ekslint\/blob\/main\/rules\/[a-z/-]+\.md">$/;
/** A mention is looked for outside code, where no word precedes it. */
const mentionsIn = (html: string): string[] => html.replaceAll(/<code>.*?<\/code>/g, '').match(/@\w+/g) ?? [];

const polyglots = [
  '`code` ``x`` | cell | <img src=x onerror=alert(1)> <details><script>x</script>',
  '@octocat @github/team [a](http://evil.example) ![i](http://evil.example/i.png)',
  'http://evil.example www.evil.example HTTPS://evil.example a@evil.example <http://evil.example>',
  '**b** _i_ ~~s~~ # h &lt;b&gt; &#60;b> \\| \\` $x$',
  '# h',
  '- item',
  '1. item',
  '> quote',
  '| a | b |',
  '```js',
  '--> <!-- </code></td></table>',
];

describe('markdown', () => {
  it('is a table with the worst first', () => {
    const text = markdown.format(
      report({
        findings: [
          finding({ severity: 'low', help: 'Set x' }),
          finding({ severity: 'critical', at: at('z.yaml', 9, 1) }),
        ],
      }),
      options,
    );
    expect(text).toBe(`### ekslint: 2 findings (1 critical, 1 low)

| Severity | Place | Finding | Rule |
| --- | --- | --- | --- |
| critical | <code>z.yaml:9</code> | ServiceAccount "web" has an IRSA role and a Pod Identity association | [<code>iam/irsa-and-pod-identity</code>](https://github.com/ekslint/ekslint/blob/main/rules/iam/irsa-and-pod-identity.md) |
| low | <code>deploy/web.yaml:24</code> | ServiceAccount "web" has an IRSA role and a Pod Identity association<br>Fix: Set x | [<code>iam/irsa-and-pod-identity</code>](https://github.com/ekslint/ekslint/blob/main/rules/iam/irsa-and-pod-identity.md) |

Judged 61 objects in 18 files with 143 rules.
`);
  });

  it('shows what was not judged and never calls it passed', () => {
    const subject = { kind: 'Pod', namespace: '', name: 'x' };
    const text = markdown.format(
      report({
        complete: false,
        exitCode: 3,
        notes: [{ kind: 'incomplete', message: 'not read: EACCES', at: { source: 'big.yaml', path: '' } }],
        undetermined: [{ rule: 'iam/irsa-and-pod-identity', subject, why: 'var.x is not known', at: at('a.tf', 1, 1) }],
      }),
      options,
    );
    expect(text).toContain('### ekslint: no findings in what could be judged\n');
    expect(text).toContain('**The result is incomplete: not everything that was asked for could be judged.**');
    expect(text).toContain('- <code>big.yaml</code>: not read: EACCES\n');
    expect(text).toContain('#### Not judged: 1 ');
    expect(text).toContain('- 1 × var.x is not known: <code>iam/irsa-and-pod-identity</code>\n');
  });

  it('stays below what a runner accepts, and counts the rest', () => {
    const findings = Array.from({ length: 20_000 }, (_, i) =>
      finding({ message: `${i} |é`.repeat(10), severity: i === 19_999 ? 'critical' : 'low' }),
    );
    const text = markdown.format(report({ findings }), options);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(mostBytes);
    expect(Buffer.byteLength(text)).toBeGreaterThan(mostBytes - 5000);
    const rows = text.match(/^\| (critical|low) /gm) ?? [];
    expect(rows[0]).toBe('| critical ');
    expect(text).toContain(`\n**${20_000 - rows.length} more findings left out here.**\n`);
    expect(text).toContain('Judged 61 objects');
  });

  it('shows untrusted text as text', () => {
    for (const evil of polyglots) {
      const place = at(evil, 1, 1);
      const subject = { kind: evil, namespace: evil, name: evil };
      const html = render(
        markdown.format(
          report({
            complete: false,
            findings: [
              finding({ message: evil, help: evil, at: place, subject }),
              finding({ rule: evil, hidden: { by: 'comment', reason: evil } }),
            ],
            undetermined: [{ rule: evil, why: evil, subject, at: place }],
            notes: [
              { kind: 'incomplete', message: evil, at: place },
              { kind: 'skipped', message: evil },
            ],
            crashes: [{ rule: evil, subject, at: place, error: new Error(evil) }],
          }),
          { ...options, showIgnored: true },
        ),
      );
      expect(tagsIn(html).filter((tag) => !ours.test(tag))).toEqual([]);
      expect(mentionsIn(html)).toEqual([]);
      expect(html.match(/<td>/g)).toHaveLength(8);
      expect(textOf(html).split(evil).length).toBeGreaterThanOrEqual(11);
    }
  });

  it('lets nothing hostile through', () => {
    const text = markdown.format(hostileReport(), { ...options, showIgnored: true, githubActions: true });
    expect(unseenIn(text)).toEqual([]);
    expect(commandsIn(text)).toEqual([]);
    expect(tagsIn(render(text)).filter((tag) => !ours.test(tag))).toEqual([]);
  });

  it('creates no element from any text', () => {
    const piece = fc.constantFrom(
      '`',
      '|',
      '<',
      '>',
      '[',
      ']',
      '(',
      ')',
      '!',
      '*',
      '_',
      '~',
      '\\',
      '&',
      '#',
      '@',
      'a',
      ' ',
      '\n',
      '://',
      'www.',
      'http',
      '-',
      '1.',
      ':',
      '.com',
      '"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
        const evil = pieces.join('');
        const html = render(
          markdown.format(
            report({
              findings: [finding({ message: evil, at: at(evil, 1, 1) })],
              notes: [{ kind: 'skipped', message: evil }],
            }),
            options,
          ),
        );
        return tagsIn(html).every((tag) => ours.test(tag)) && mentionsIn(html).length === 0;
      }),
      { numRuns: 300 },
    );
  });
});
