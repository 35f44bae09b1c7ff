import type { AnyRule } from './define.ts';

/** A fenced block of an example: one file of a small workspace. */
export interface Block {
  readonly language: string;
  readonly title: string | undefined;
  readonly text: string;
  /** Line number of its first line in the page, from 1. */
  readonly line: number;
}

/** One `###` of a page: all its blocks together are one small workspace. */
export interface Example {
  readonly verdict: 'fails' | 'passes' | 'undetermined';
  readonly title: string;
  /** From a block `ekslint.yaml`: options of the rule and `target`. */
  readonly blocks: readonly Block[];
}

/** The parts of a rule's page. */
export interface Page {
  readonly title: string;
  /** The text between the meta block and the examples. */
  readonly prose: string;
  readonly examples: readonly Example[];
}

const verdicts: Readonly<Record<string, Example['verdict']>> = {
  fails: 'fails',
  passes: 'passes',
  undetermined: 'undetermined',
};

/** Reads a rule's page. Its form is in CONTRIBUTING.md; `test/rules.test.ts` runs the examples. */
export function readPage(text: string): Page {
  const lines = text.split('\n');
  const examples: { verdict: Example['verdict']; title: string; blocks: Block[] }[] = [];
  const prose: string[] = [];
  let title = '';
  let verdict: Example['verdict'] | undefined;
  let inMeta = false;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line === '<!-- meta -->') inMeta = true;
    else if (line === '<!-- /meta -->') inMeta = false;
    else if (inMeta) continue;
    else if (line.startsWith('# ')) title = line.slice(2).trim();
    else if (line.startsWith('## ')) {
      verdict = verdicts[line.slice(3).trim().toLowerCase()];
      if (!verdict) prose.push(line);
    } else if (line.startsWith('### ') && verdict) examples.push({ verdict, title: line.slice(4).trim(), blocks: [] });
    else if (line.startsWith('```') && verdict) {
      const [, language = '', rest = ''] = /^```(\S*)\s*(.*)$/.exec(line) ?? [];
      const start = i + 1;
      let end = start;
      while (end < lines.length && !(lines[end] ?? '').startsWith('```')) end++;
      examples.at(-1)?.blocks.push({
        language,
        title: /title="([^"]*)"/.exec(rest)?.[1],
        text: `${lines.slice(start, end).join('\n')}\n`,
        line: start + 1,
      });
      i = end;
    } else if (!verdict) prose.push(line);
  }
  return { title, prose: prose.join('\n').trim(), examples };
}

const show = (value: unknown): string => JSON.stringify(value);

/** The block of facts at the head of a page; `npm run gen` keeps it in sync with the rule. */
export function metaBlock(rule: AnyRule): string {
  const lines = [
    '<!-- meta -->',
    `\`${rule.id}\` · **${rule.severity}** · preset \`${rule.preset}\` · looks at ${rule.kinds.map((kind) => `\`${kind}\``).join(', ')}`,
  ];
  if (rule.fix !== undefined) lines.push('', `Fix: ${rule.fix}`);
  const options = Object.entries(rule.options ?? {});
  if (options.length > 0) {
    lines.push('', '| option | default | meaning |', '|---|---|---|');
    for (const [name, schema] of options)
      lines.push(`| \`${name}\` | \`${show(schema.default).replaceAll('|', '\\|')}\` | ${schema.description} |`);
  }
  if (rule.equivalents.length > 0)
    lines.push('', `Equivalent checks: ${rule.equivalents.map((one) => `\`${one}\``).join(', ')}`);
  if (rule.sources.length > 0) lines.push('', `Sources: ${rule.sources.join('; ')}`);
  return [...lines, '<!-- /meta -->'].join('\n');
}
