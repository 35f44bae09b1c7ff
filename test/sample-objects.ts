import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import fastGlob from 'fast-glob';
import { groupOf, isNamespaced } from '#model/kinds.ts';
import { isRecord } from '#model/shape.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';
import { source } from './inputs/read.ts';

export type Json = Record<string, unknown>;

/**
 * The objects of the examples of all rule pages and of the files in some folders, as a cluster would contain them: each
 * name once in a namespace. `apart`: an example without a namespace uses that of its page. `pages`: whether to include
 * those of the pages.
 */
export function sampleObjects({ folders = ['fixtures/scenarios'], apart = false, pages = true } = {}): Json[] {
  const texts = [
    ...(pages ? fastGlob.sync('rules/*/*.md') : []).flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/```ya?ml[^\n]*\n([^]*?)```/g)].map(([, text = '']) => ({
        text,
        home: apart ? basename(file, '.md') : 'default',
      })),
    ),
    ...folders
      .flatMap((folder) => fastGlob.sync(`${folder}/**/*.yaml`))
      .map((file) => ({ text: readFileSync(file, 'utf8'), home: 'default' })),
  ];
  const found = new Map<string, Json>();
  for (const { text, home } of texts)
    for (const { root: object, faults } of splitDocuments(source('sample.yaml', text)).flatMap((one) =>
      parseYaml(one),
    )) {
      if (faults.length > 0) continue;
      if (!isRecord(object) || typeof object['kind'] !== 'string' || typeof object['apiVersion'] !== 'string') continue;
      const metadata = object['metadata'];
      if (!isRecord(metadata) || typeof metadata['name'] !== 'string' || object['kind'] === 'Secret') continue;
      const namespaced = isNamespaced(object['kind'], groupOf(object['apiVersion']));
      const whole = namespaced ? { ...metadata, namespace: metadata['namespace'] ?? home } : metadata;
      found.set(`${object['kind']} ${String(whole['namespace'])}/${metadata['name']}`, { ...object, metadata: whole });
    }
  return [...found.values()];
}
