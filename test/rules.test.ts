import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { Value } from '#model/value.ts';
import type { AnyRule } from '#rule';
import { type Block, type Example, readPage } from '../src/rule/page.ts';
import { rules } from '../src/rule/registry.ts';
import { applyTextEdits } from '#syntax/edit.ts';
import { lintTexts } from './lint-texts.ts';
import type { Json } from './sample-objects.ts';

const endings: Readonly<Record<string, string>> = {
  yaml: 'yaml',
  yml: 'yaml',
  json: 'json',
  hcl: 'tf',
  terraform: 'tf',
  tf: 'tf',
};
const modelKinds = new Set(['cluster', 'nodegroup', 'addon']);
/** How an example about the model names its input. */
const inputMarks = { eksctl: /eksctl\.io\//, CloudFormation: /AWS::E/, Terraform: /resource "aws_|module "/ };

/**
 * The files of an example and its settings; the block titled `fixed` is the result of `--fix` for the first file, the
 * block titled `running-cluster.yaml` contains objects of the cluster that the files are judged against.
 */
function workspaceOf(example: Example, rule: AnyRule) {
  const files: Record<string, string> = {};
  const blocks: Record<string, Block> = {};
  let settings: { options?: Record<string, unknown>; target?: string; cluster?: readonly Json[] } = {};
  const messages: string[] = [];
  let fixed: string | undefined;
  for (const block of example.blocks) {
    if (block.title === 'ekslint.yaml') {
      const config = parse(block.text) as {
        rules?: Record<string, Record<string, unknown>>;
        target?: { kubernetes?: string };
      };
      const options = { ...config.rules?.[rule.id] };
      settings = {
        ...settings,
        options,
        ...(config.target?.kubernetes === undefined ? {} : { target: config.target.kubernetes }),
      };
    } else if (block.title === 'fixed') fixed = block.text;
    else if (block.title === 'findings') messages.push(...block.text.trim().split('\n'));
    else if (block.title === 'running-cluster.yaml')
      settings = { ...settings, cluster: parseAllDocuments(block.text).map((document) => document.toJS() as Json) };
    else {
      const ending = endings[block.language];
      if (ending === undefined)
        throw new Error(`${rule.id}, "${example.title}": blocks are yaml, json or hcl, not "${block.language}"`);
      const name = block.title ?? `example-${Object.keys(files).length + 1}.${ending}`;
      files[name] = block.text;
      blocks[name] = block;
    }
  }
  return { files, blocks, settings, fixed, messages };
}

/**
 * `file:line` and the start of the message, for every `# <- text` of an example. `<-` on a line of its own marks
 * nothing. Answers of the API have no lines and no comments: `file: message` is in the block titled `findings`.
 */
function marksOf(
  files: Readonly<Record<string, string>>,
  messages: readonly string[],
): { file: string; line: number | undefined; message: string }[] {
  const answers = messages.map((text) => {
    const [, file = '', message = ''] = /^([^:]+): (.*)$/.exec(text) ?? [];
    return { file, line: undefined, message };
  });
  return [...answers, ...marksIn(files)];
}
function marksIn(files: Readonly<Record<string, string>>) {
  return Object.entries(files).flatMap(([file, text]) =>
    text.split('\n').flatMap((line, i) =>
      line
        .split(/(?:#|\/\/) <- /)
        .slice(1)
        .map((message) => ({ file, line: i + 1, message: message.trim() })),
    ),
  );
}

/**
 * Whether the page shows that the rule reads a fact that the format of these files cannot express: they can never fail.
 */
async function asksInVain(rule: AnyRule, examples: readonly Example[], mark: RegExp): Promise<boolean> {
  const asked = vi.spyOn(Value.prototype, 'sayable', 'get');
  for (const example of examples.filter(
    ({ blocks }) => blocks.length > 0 && blocks.every(({ text }) => mark.test(text)),
  )) {
    const { files, settings } = workspaceOf(example, rule);
    await lintTexts(files, [rule], settings);
  }
  const inVain = asked.mock.results.some(({ value }) => value === false);
  asked.mockRestore();
  return inVain;
}

for (const rule of rules) {
  describe(rule.id, () => {
    const path = `rules/${rule.id}.md`;
    test('has a page', () => expect(existsSync(path), `${path} is missing`).toBe(true));
    if (!existsSync(path)) return;
    const text = readFileSync(path, 'utf8');
    const page = readPage(text);

    test('page is complete', async () => {
      expect(rule.title, 'the demand in one line').not.toMatch(/^TODO|\.$/);
      expect(page.title, 'the title of the page, which `npm run gen` takes from the rule').toBe(rule.title);
      expect(page.prose.length, 'prose that says why and how to fix it').toBeGreaterThan(80);
      const count = (verdict: Example['verdict']) =>
        page.examples.filter((example) => example.verdict === verdict).length;
      expect(count('fails'), 'failing examples').toBeGreaterThan(0);
      expect(count('passes'), 'passing examples').toBeGreaterThan(0);
      // If only the API has the facts, files have nothing to show.
      const isOfApi = page.examples.every(({ blocks }) =>
        blocks.every(({ language, title }) => language === 'json' || title === 'findings'),
      );
      if (!isOfApi && rule.kinds.some((kind) => modelKinds.has(kind))) {
        expect(count('undetermined'), 'a rule over the model shows what it cannot tell').toBeGreaterThan(0);
        const failing = page.examples
          .filter((example) => example.verdict === 'fails')
          .flatMap((example) => example.blocks.map((block) => block.text))
          .join('\n');
        for (const [input, mark] of Object.entries(inputMarks))
          if (!mark.test(failing))
            expect(await asksInVain(rule, page.examples, mark), `a failing example for ${input}`).toBe(true);
      }
      for (const option of Object.keys(rule.options ?? {}))
        expect(text.split('<!-- /meta -->').at(-1), `the option ${option} is shown in prose or examples`).toContain(
          option,
        );
      for (const equivalent of rule.equivalents) expect(equivalent).toMatch(/^[a-z][a-z0-9.-]*:.+/);
    });

    test('fix says what is done', async () => {
      const results = await Promise.all(
        page.examples
          .filter((example) => example.verdict === 'fails')
          .map((example) => workspaceOf(example, rule))
          .map(({ files, settings }) => lintTexts(files, [rule], settings)),
      );
      const made = new Set(
        results.flatMap(({ findings }) =>
          findings.flatMap(({ fix }) => (fix ? [fix.safe ? 'safe' : 'suggestion'] : [])),
        ),
      );
      const stated = new Set(/^(safe|suggestion)/.exec(rule.fix ?? '')?.slice(1) ?? []);
      if (made.has('safe') && made.has('suggestion')) stated.add('suggestion').add('safe'); // certain only in part
      expect(made).toEqual(stated);
    });

    for (const example of page.examples) {
      test(`${example.verdict}: ${example.title}`, async () => {
        expect(example.blocks.length, 'an example needs a fenced block').toBeGreaterThan(0);
        const { files, settings, fixed, messages } = workspaceOf(example, rule);
        const result = await lintTexts(files, [rule], settings);
        expect(result.crashes.map((crash) => crash.error.stack)).toEqual([]);
        const found = result.findings.map((one) => ({
          file: one.at.source,
          line: one.at.start?.line,
          message: one.message,
        }));
        const marks = marksOf(files, messages);
        // Each finding matches the mark on its line; a message must start with the mark's text.
        const short = found.map((one) => {
          const mark = marks.find(
            (other) => other.file === one.file && other.line === one.line && one.message.startsWith(other.message),
          );
          return mark ?? one;
        });
        const order = (a: { file: string; line?: number | undefined; message: string }, b: typeof a) =>
          a.file.localeCompare(b.file) || (a.line ?? 0) - (b.line ?? 0) || a.message.localeCompare(b.message);
        expect(short.sort(order)).toEqual(marks.sort(order));
        if (example.verdict === 'fails') expect(found.length).toBeGreaterThan(0);
        else expect(found).toEqual([]);
        if (example.verdict === 'undetermined') expect(result.undetermined.length).toBeGreaterThan(0);
        else if (example.verdict === 'passes') expect(result.undetermined).toEqual([]);

        if (fixed !== undefined) {
          const [name = '', before = ''] = Object.entries(files)[0] ?? [];
          const edits = result.findings.flatMap((one) => one.fix?.edits ?? []).filter((edit) => edit.source === name);
          const after = applyTextEdits(before, edits);
          const bare = (value: string) => value.replace(/ *(#|\/\/) <- .*$/gm, '');
          expect(bare(after)).toBe(bare(fixed));
          expect((await lintTexts({ ...files, [name]: after }, [rule], settings)).findings).toEqual([]);
        }
      });
    }
  });
}
