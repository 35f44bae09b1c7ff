import { expect, test } from 'vitest';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { skim } from '#syntax/skim.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';

const parse = (text: string): unknown => {
  const [tree] = splitDocuments({ id: '', path: '', text, target: true }).flatMap((segment) => parseYaml(segment));
  return tree?.faults.length === 0 ? plain(tree.root) : undefined;
};
/** Data without the texts that are not kept, and with ordinary prototypes. */
const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      /^(?:description|message|rule)$/.test(key) && (typeof inner !== 'object' || inner === null) ? '' : plain(inner),
    ]),
  );
};

const generated = `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations:
    controller-gen.kubebuilder.io/version: v0.16.1
  name: widgets.example.com
spec:
  group: example.com
  names:
    kind: Widget
    shortNames:
    - wd
    - "y"
  scope: Namespaced
  versions:
  - name: v1
    schema:
      openAPIV3Schema:
        description: |-
          Widget is a widget: it has # parts

          and colors
        properties:
          color:
            default: red
            description: Color is what one sees, and
              goes on here
            enum:
            - red
            - 'on'
            pattern: ^[a-z]+(-[a-z]+)*$
            type: string
          size:
            description: 'Size: with a colon and a
              quote''s end'
            minimum: -1
            type: integer
          empty: {}
        type: object
        x-kubernetes-validations:
        - message: must not
            change
          rule: self == oldSelf
    served: true
    storage: true
`;

test('definitions as generators write them', () => {
  expect(skim(generated)).toBeDefined();
  expect(plain(skim(generated))).toEqual(parse(generated));
});

test('what is not plain is left to the parser', () => {
  for (const text of [
    'a: &x 1\nb: *x\n',
    'a: [1, 2]\n',
    'a: {b: c}\n',
    '? a\n: b\n',
    'a: !!str 1\n',
    'a:\n\tb: 1\n',
    'a: 1\na: 2\n',
    'yes: 1\n',
    'a: b\n  c\n',
    'a: "\\n"\n',
    '"a\n',
  ])
    expect(skim(text), JSON.stringify(text)).toBeUndefined();
});

test('either the same as the parser, or nothing', () => {
  const scalar = fc.oneof(
    fc.constantFrom(
      'red',
      '1',
      '1.10',
      'on',
      'null',
      '',
      '~',
      '08',
      '0x1',
      'a: b',
      '#',
      "it's",
      '"',
      '- a',
      '2024-01-01',
      'a #b',
      'a# b',
      ':',
      'a:',
      '|',
      '>',
      '@',
      '`',
      '{}',
      '[]',
      ' a',
      'a ',
    ),
    fc.string({ maxLength: 8 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const key = fc.constantFrom(
    'a',
    'b',
    'description',
    'message',
    'x-kubernetes-list-type',
    'a.b/c',
    '$ref',
    'y',
    '1',
    'a b',
  );
  const { node } = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      scalar,
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(key, tie('node'), { maxKeys: 4 }),
    ),
  }));
  const style = fc.record({
    lineWidth: fc.constantFrom(0, 20, 80),
    indentSeq: fc.boolean(),
    defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'),
  });
  let read = 0;
  fc.assert(
    fc.property(fc.dictionary(key, node, { minKeys: 1, maxKeys: 4 }), style, (data, options) => {
      const text = stringify(data, null, options);
      const skimmed = skim(text);
      if (skimmed === undefined) return;
      read++;
      expect(withoutFolds(plain(skimmed)), text).toEqual(withoutFolds(parse(text)));
    }),
    { numRuns: 3000, seed: 7 },
  );
  expect(read).toBeGreaterThan(300);

  /** Folded texts are not read: they are compared by being there. */
  function withoutFolds(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(withoutFolds);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withoutFolds(inner)]));
    return typeof value === 'string' && (value === '' || /[\n ]/.test(value)) ? 'text' : value;
  }
});
