import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readPage } from '../src/rule/page.ts';

const endings: Readonly<Record<string, string>> = { json: 'json', hcl: 'tf', terraform: 'tf', tf: 'tf' };

/** An example of a page as a separate workspace. */
export interface Sample {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly target: string | undefined;
}

/** The examples of a page, each with the options and the target version that it sets. */
export const samplesOf = (id: string): Sample[] =>
  readPage(readFileSync(`rules/${id}.md`, 'utf8')).examples.map(({ title, blocks }) => {
    const config = blocks.find((block) => block.title === 'ekslint.yaml');
    const settings = (config ? parse(config.text) : {}) as {
      readonly rules?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
      readonly target?: { readonly kubernetes?: string };
    };
    const files = blocks
      .filter((block) => block !== config && block.title !== 'fixed')
      .map((block, i) => [block.title ?? `example-${i}.${endings[block.language] ?? 'yaml'}`, block.text]);
    return {
      title: `${id}: ${title}`,
      files: Object.fromEntries(files) as Record<string, string>,
      options: settings.rules?.[id] ?? {},
      target: settings.target?.kubernetes,
    };
  });
