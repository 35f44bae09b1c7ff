import { expect, test } from 'vitest';
import { isSound } from '#model/definitions.ts';
import { splitDocuments } from '#syntax/yaml.ts';

const definition = (description: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  names: {plural: widgets, kind: Widget}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          description: ${description}
`;

test.each([
  ['a text', true],
  ['a text\n            that goes on', true],
  ['>-\n            a folded text', true],
  ['a text\n            with: a colon', false],
  ['a text: with a colon', false],
  ['"a text" and more', false],
  ['"a \u0001 text"', false],
  ['a text\n          description: twice', false],
  ['*nothing', false],
])('a definition whose description is %j is sound: %s', (description, sound) => {
  const [segment] = splitDocuments({ id: '', path: '', text: definition(description), target: true });
  expect(segment && isSound(segment)).toBe(sound);
});
