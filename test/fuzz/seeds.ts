import { readFileSync } from 'node:fs';
import { readPage } from '../../src/rule/page.ts';
import { rules } from '../../src/rule/registry.ts';

/** Files of one small workspace by name. */
export type Files = Readonly<Record<string, string>>;

const endings: Readonly<Record<string, string>> = { yaml: 'yaml', yml: 'yaml', json: 'json', hcl: 'tf' };

/**
 * The examples of all rule pages: Kubernetes, kustomize, eksctl, CloudFormation and Terraform, with and without
 * defects.
 */
export function readSeeds(): readonly Files[] {
  return rules
    .flatMap(({ id }) => readPage(readFileSync(`rules/${id}.md`, 'utf8')).examples)
    .map(({ blocks }) => {
      const files: Record<string, string> = {};
      for (const { title, language, text } of blocks)
        if (title !== 'ekslint.yaml' && title !== 'fixed')
          files[title ?? `file-${Object.keys(files).length}.${endings[language] ?? 'yaml'}`] = text.replace(
            / *(?:#|\/\/) <- .*/g,
            '',
          );
      return files;
    })
    .filter((files) => Object.keys(files).length > 0);
}
