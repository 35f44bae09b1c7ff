import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Document, isCollection, isPair, isScalar, visit } from 'yaml';
import { applyTextEdits, toTextEdits } from '#syntax/edit.ts';
import { loadHcl } from '#syntax/hcl.ts';
import { parentOf, type Source, span, type Tree, type Edit } from '#syntax/tree.ts';
import { parseYaml, splitDocuments } from '#syntax/yaml.ts';

const sourceOf = (text: string, path = 'a.yaml'): Source => ({ id: path, text, path, target: true });
const parse = (text: string, path?: string): Tree[] =>
  splitDocuments(sourceOf(text, path)).flatMap((segment) => parseYaml(segment));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
type Bag = Record<string, unknown>;
const at = (tree: Tree, ...path: (string | number)[]): object =>
  path.reduce<unknown>((node, key) => (node as Bag)[String(key)], tree.root) as object;

/** The text after one edit at a path, or undefined if it is rejected. */
function edited(text: string, path: (string | number)[], edit: Omit<Edit, 'on'>, file?: string): string | undefined {
  const [tree] = parse(text, file);
  if (!tree) throw new Error('no document');
  const edits = toTextEdits(tree, [{ ...edit, on: at(tree, ...path) }]);
  return edits && applyTextEdits(text, edits);
}
const lines = (...parts: string[]): string => `${parts.join('\n')}\n`;

describe('block style', () => {
  const pod = lines(
    '# head',
    'spec:',
    '  containers: # all of them',
    '    - name: web   # the app',
    "      image: 'web:1'",
    '      # wide open',
    '      securityContext:',
    '        privileged: true  # no',
    '    - name: side',
    '  hostNetwork: true',
    '# tail',
  );

  test('set keeps quotes and the comment after the value', () => {
    expect(
      edited(pod, ['spec', 'containers', 0, 'securityContext'], { op: 'set', key: 'privileged', value: false }),
    ).toBe(pod.replace('privileged: true  # no', 'privileged: false  # no'));
    expect(edited(pod, ['spec', 'containers', 0], { op: 'set', key: 'image', value: 'web:2' })).toBe(
      pod.replace("'web:1'", "'web:2'"),
    );
    expect(edited(pod, ['spec', 'containers', 0], { op: 'set', key: 'name', value: 'on' })).toBe(
      pod.replace('name: web ', 'name: "on" '),
    );
  });
  test('set of an absent key adds a line after the last entry, with its indentation', () => {
    expect(
      edited(pod, ['spec', 'containers', 0, 'securityContext'], { op: 'set', key: 'runAsNonRoot', value: true }),
    ).toBe(pod.replace('true  # no\n', 'true  # no\n        runAsNonRoot: true\n'));
    expect(
      edited(pod, ['spec', 'containers', 1], {
        op: 'set',
        key: 'securityContext',
        value: { capabilities: { drop: ['ALL'] }, readOnly: {} },
      }),
    ).toBe(
      pod.replace(
        '- name: side\n',
        lines(
          '- name: side',
          '      securityContext:',
          '        capabilities:',
          '          drop:',
          '            - ALL',
          '        readOnly: {}',
        ),
      ),
    );
  });
  test('set of an absent key in a file without a last line break', () => {
    expect(edited('a: 1', [], { op: 'set', key: 'b', value: 'x' })).toBe('a: 1\nb: x');
  });
  test('set of an empty value', () => {
    expect(edited('a: # why\nb: 1\n', [], { op: 'set', key: 'a', value: 2 })).toBe('a: 2 # why\nb: 1\n');
    expect(edited('a: # why\nb: 1\n', [], { op: 'set', key: 'a', value: { c: 1 } })).toBe('a: # why\n  c: 1\nb: 1\n');
  });
  test('set turns a scalar into a map and back', () => {
    expect(edited('a: 1 # why\nb: 1\n', [], { op: 'set', key: 'a', value: { c: [1] } })).toBe(
      'a: # why\n  c:\n    - 1\nb: 1\n',
    );
    expect(edited('a: # why\n  c:\n  - 1 # x\nb: 1\n', [], { op: 'set', key: 'a', value: 1 })).toBe(
      'a: 1 # why\nb: 1\n',
    );
  });
  test('remove deletes whole lines', () => {
    expect(edited(pod, ['spec'], { op: 'remove', key: 'hostNetwork' })).toBe(pod.replace('  hostNetwork: true\n', ''));
    expect(edited(pod, ['spec', 'containers'], { op: 'remove', key: 1 })).toBe(pod.replace('    - name: side\n', ''));
    expect(edited(pod, ['spec', 'containers', 0], { op: 'remove', key: 'name' })).toBe(
      pod.replace('name: web   # the app\n      image', 'image'),
    );
  });
  test('remove of the only entry removes the key that contains it', () => {
    expect(edited(pod, ['spec', 'containers', 0, 'securityContext'], { op: 'remove', key: 'privileged' })).toBe(
      pod.replace('      securityContext:\n        privileged: true  # no\n', ''),
    );
    expect(edited(pod, ['spec', 'containers', 1], { op: 'remove', key: 'name' })).toBe(
      pod.replace('    - name: side\n', ''),
    );
    expect(edited('a: 1\n', [], { op: 'remove', key: 'a' })).toBeUndefined();
  });
  test('rename changes only the key', () => {
    expect(edited(pod, ['spec'], { op: 'rename', key: 'hostNetwork', value: 'hostPID' })).toBe(
      pod.replace('hostNetwork', 'hostPID'),
    );
    expect(edited('"a": 1\nb: 2\n', [], { op: 'rename', key: 'a', value: 'c' })).toBe('"c": 1\nb: 2\n');
    expect(edited('a: 1\nb: 2\n', [], { op: 'rename', key: 'a', value: 'b' })).toBeUndefined();
  });
  test('CRLF is kept', () => {
    expect(edited('a:\r\n  b: 1\r\nc: 2\r\n', ['a'], { op: 'set', key: 'd', value: { e: 1 } })).toBe(
      'a:\r\n  b: 1\r\n  d:\r\n    e: 1\r\nc: 2\r\n',
    );
    expect(edited('a:\r\n  b: 1\r\nc: 2\r\n', [], { op: 'remove', key: 'a' })).toBe('c: 2\r\n');
  });
  test('several edits at once', () => {
    const [tree] = parse('a:\n  b: 1\n  c: 2\nd: 3\n');
    if (!tree) throw new Error('no document');
    const a = at(tree, 'a');
    const edits = toTextEdits(tree, [
      { op: 'set', on: tree.root as object, key: 'x', value: 1 },
      { op: 'remove', on: a, key: 'b' },
      { op: 'remove', on: a, key: 'c' },
      { op: 'rename', on: tree.root as object, key: 'd', value: 'e' },
    ]);
    expect(edits && applyTextEdits(tree.source.text, edits)).toBe('e: 3\nx: 1\n');
    expect(
      toTextEdits(tree, [
        { op: 'remove', on: tree.root as object, key: 'a' },
        { op: 'set', on: a, key: 'b', value: 2 },
      ]),
    ).toBeUndefined();
  });
  test('only the current document changes, and locations are given as lines', () => {
    const text = '---\na: 1\n---\na: 1\nb: 2\n';
    const second = parse(text)[1];
    if (!second) throw new Error('no document');
    const edits = toTextEdits(second, [{ op: 'set', on: second.root as object, key: 'a', value: 5 }]);
    expect(edits).toEqual([
      {
        source: 'a.yaml',
        start: 16,
        end: 17,
        text: '5',
        from: { line: 4, column: 4 },
        to: { line: 4, column: 5 },
        judged: text,
      },
    ]);
  });
});

describe('flow style and JSON', () => {
  test('set, add and remove in one line', () => {
    const text = 'a: {b: 1, c: x} # why\nd: []\n';
    expect(edited(text, ['a'], { op: 'set', key: 'e', value: true })).toBe('a: {b: 1, c: x, e: true} # why\nd: []\n');
    expect(edited(text, ['a'], { op: 'set', key: 'c', value: ['z', '1'] })).toBe(
      'a: {b: 1, c: [z, "1"]} # why\nd: []\n',
    );
    expect(edited(text, ['a'], { op: 'remove', key: 'b' })).toBe('a: {c: x} # why\nd: []\n');
    expect(edited(text, ['a'], { op: 'remove', key: 'c' })).toBe('a: {b: 1} # why\nd: []\n');
    expect(edited(text, ['d'], { op: 'set', key: 0, value: 1 })).toBe('a: {b: 1, c: x} # why\nd: [1]\n');
  });
  test('JSON stays JSON', () => {
    const text = '{\n  "a": {"b": 1},\n  "c": [\n    "x"\n  ]\n}\n';
    const added = edited(text, [], { op: 'set', key: 'd', value: { e: ['f'] } }, 'a.json');
    expect(added).toBe('{\n  "a": {"b": 1},\n  "c": [\n    "x"\n  ],\n  "d": {"e": ["f"]}\n}\n');
    expect(JSON.parse(edited(text, ['c'], { op: 'set', key: 1, value: 'y' }, 'a.json') ?? '')).toEqual({
      a: { b: 1 },
      c: ['x', 'y'],
    });
    expect(JSON.parse(edited(text, [], { op: 'remove', key: 'c' }, 'a.json') ?? '')).toEqual({ a: { b: 1 } });
    expect(JSON.parse(edited(text, ['a'], { op: 'remove', key: 'b' }, 'a.json') ?? '')).toEqual({ a: {}, c: ['x'] });
  });
});

describe('rejected', () => {
  test.each([
    ['an anchored map', 'a: &x {b: 1}\nc: *x\n', ['a'], { op: 'set', key: 'b', value: 2 }],
    ['an anchored value', 'a: &x 1\nb: *x\n', [], { op: 'set', key: 'a', value: 2 }],
    ['an anchor that would go', 'a:\n  b: &x 1\nc: *x\n', [], { op: 'remove', key: 'a' }],
    ['a merged key', 'x: &x\n  b: 1\na:\n  <<: *x\n  c: 1\n', ['a'], { op: 'set', key: 'b', value: 2 }],
    ['a tag', 'a: !!str 1\n', [], { op: 'set', key: 'a', value: 2 }],
    ['an explicit key', '? a\n: 1\n? b\n: 2\n', [], { op: 'remove', key: 'a' }],
    ['a comment inside of the removed part', 'a: [\n  1, # one\n  2]\n', ['a'], { op: 'remove', key: 0 }],
    ['a value that YAML cannot hold', 'a: 1\n', [], { op: 'set', key: 'a', value: Number.NaN }],
    ['a lone CR', 'a: 1\rb: 2\n', [], { op: 'set', key: 'a', value: 3 }],
    ['a key that is not there', 'a: 1\n', [], { op: 'remove', key: 'b' }],
  ] as [string, string, (string | number)[], Omit<Edit, 'on'>][])('%s', (_, text, path, edit) => {
    expect(edited(text, path, edit)).toBeUndefined();
  });
  test('an object of another document', () => {
    const [tree] = parse('a: 1\n');
    expect(tree && toTextEdits(tree, [{ op: 'set', on: {}, key: 'a', value: 1 }])).toBeUndefined();
  });
});

test('of overlapping edits only the first is made', () => {
  expect(
    applyTextEdits('abcdef', [
      { start: 3, end: 5, text: 'X' },
      { start: 0, end: 1, text: '1' },
      { start: 0, end: 1, text: '1' },
      { start: 4, end: 6, text: 'Y' },
    ]),
  ).toBe('1bcXf');
});

const word = fc.oneof(
  fc.constantFrom(
    'web',
    'on',
    '1',
    '0x10',
    '- a',
    '#x',
    'a: b',
    'a #b',
    '',
    ' x ',
    "it's",
    '"q"',
    '{}',
    '[x',
    'nginx:1.2',
    '@x',
    '2027-01-01',
    '1:30',
    'a\nb',
    'a\n\n',
    '*x',
    '&x',
    '!t',
    '%',
    '|',
    '>-',
    '---',
    '...',
    '<<',
    '~',
    'é\u2028',
    '\u0007',
    'a:',
    '100m',
    '_',
    'null',
    '.5',
    '1e3',
    '0o7',
    '1_000',
    '+1',
    'y',
    'a,b',
  ),
  fc.string({ maxLength: 8 }),
);
const scalar = fc.oneof(
  word,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n || 0),
);
const key = fc.constantFrom('a', 'b', 'c', 'name', 'x.y/z', 'on', 'a b', '7', 'é');
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));
const anyRoot = fc.oneof(
  fc.dictionary(key, anyValue, { minKeys: 1, maxKeys: 4 }),
  fc.array(anyValue, { minLength: 1, maxLength: 3 }),
);

/** Writes data with random styles and comments. */
function write(
  root: unknown,
  dice: readonly number[],
  layout: { json: boolean; crlf: boolean; indent: number; indentSeq: boolean },
): string {
  if (layout.json) return JSON.stringify(root, null, layout.indent === 2 ? 2 : undefined);
  let next = 0;
  const roll = (): number => dice[next++ % dice.length] ?? 0;
  const document = new Document(root, { aliasDuplicateObjects: false });
  visit(document, (role, node) => {
    if (isScalar(node) && role !== 'key') {
      const text = typeof node.value === 'string' ? node.value : undefined;
      const style = (['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const)[roll() % 5];
      if (text !== undefined && style) node.type = style;
    }
    if (isCollection(node)) {
      if (roll() % 4 === 0) node.flow = true;
      if (roll() % 5 === 0) node.commentBefore = ' above';
    }
    if (isPair(node) && isScalar(node.key)) {
      if (roll() % 4 === 0) node.key.commentBefore = ' note\n and more';
      if (roll() % 5 === 0) node.key.spaceBefore = true;
    }
    if (isScalar(node) && role !== 'key' && roll() % 5 === 0) node.comment = ' behind';
    return undefined;
  });
  const text = document.toString({ indent: layout.indent, indentSeq: layout.indentSeq, lineWidth: 0 });
  return layout.crlf ? text.replace(/\r?\n/g, '\r\n') : text;
}

/** Every map and list of a tree, as `on` may refer to it. */
function containers(node: unknown, found: object[] = []): object[] {
  if (typeof node !== 'object' || node === null || found.includes(node)) return found;
  found.push(node);
  for (const child of Object.values(node)) containers(child, found);
  return found;
}

function pathTo(tree: Tree, on: object): (string | number)[] {
  const up = parentOf(tree, on);
  return up ? [...pathTo(tree, up.parent), up.key] : [];
}

/** The expected data; undefined if all of it would be removed. */
function expected(tree: Tree, edit: Edit): unknown {
  const copy = plain(tree.root);
  const holder = (path: (string | number)[]): Bag =>
    path.reduce<unknown>((node, step) => (node as Bag)[String(step)], copy) as Bag;
  const remove = (on: object, name: string | number): boolean => {
    const target = holder(pathTo(tree, on));
    const place = span(tree, on);
    const isFlow = '{['.includes(tree.source.text[place?.[2] ?? 0] ?? '');
    if (Object.keys(target).length === 1 && !isFlow) {
      const up = parentOf(tree, on);
      return up !== undefined && remove(up.parent, up.key);
    }
    if (Array.isArray(target)) target.splice(Number(name), 1);
    else delete target[String(name)];
    return true;
  };
  if (edit.op === 'remove') return remove(edit.on, edit.key) ? copy : undefined;
  const target = holder(pathTo(tree, edit.on));
  if (edit.op === 'set') target[String(edit.key)] = edit.value;
  else {
    target[String(edit.value)] = target[String(edit.key)];
    delete target[String(edit.key)];
  }
  return copy;
}

describe('any document', () => {
  const layouts = fc.record({
    json: fc.nat(5).map((n) => n === 0),
    crlf: fc.nat(4).map((n) => n === 0),
    indent: fc.constantFrom(2, 4),
    indentSeq: fc.boolean(),
  });
  const choice = fc.record({
    pick: fc.nat(),
    slot: fc.nat(),
    op: fc.constantFrom('set', 'add', 'remove', 'rename'),
    value: anyValue,
    key,
  });
  const runs = Number(process.env['FC_RUNS'] ?? 1500);

  test('contains the edited data when it is read again, and the other lines are unchanged', () => {
    const counts = { done: 0, refused: 0 };
    fc.assert(
      fc.property(
        anyRoot,
        fc.array(fc.nat(100), { minLength: 7, maxLength: 7 }),
        layouts,
        choice,
        (root, dice, layout, { pick, slot, op, value, key: name }) => {
          const text = write(root, dice, layout);
          const [tree, more] = parse(text, layout.json ? 'a.json' : 'a.yaml');
          if (!tree || more || tree.faults.length > 0 || typeof tree.root !== 'object' || tree.root === null) return;
          const all = containers(tree.root);
          const on = all[pick % all.length] ?? all[0];
          if (!on) return;
          const keys = Object.keys(on);
          const chosen = keys[slot % Math.max(1, keys.length)];
          const isList = Array.isArray(on);
          const present = chosen === undefined ? undefined : isList ? Number(chosen) : chosen;
          let edit: Edit;
          if (op === 'add') {
            if (!isList && Object.hasOwn(on, name)) return;
            edit = { op: 'set', on, key: isList ? on.length : name, value };
          } else if (present === undefined) return;
          else if (op === 'rename') {
            if (isList || Object.hasOwn(on, name)) return;
            edit = { op: 'rename', on, key: present, value: name };
          } else edit = op === 'set' ? { op: 'set', on, key: present, value } : { op: 'remove', on, key: present };

          const edits = toTextEdits(tree, [edit]);
          const wanted = expected(tree, edit);
          if (!edits) {
            counts.refused++;
            return;
          }
          counts.done++;
          const after = applyTextEdits(text, edits);
          const again = parse(after, layout.json ? 'a.json' : 'a.yaml');
          expect(
            again.flatMap((one) => one.faults),
            after,
          ).toEqual([]);
          expect(
            again.map((one) => plain(one.root)),
            after,
          ).toEqual([plain(wanted)]);
          const first = edits[0];
          const last = edits.at(-1);
          if (!first || !last) throw new Error('no edit');
          const head = text.lastIndexOf('\n', first.start - 1) + 1;
          expect(after.slice(0, head)).toBe(text.slice(0, head));
          const tail = text.indexOf('\n', last.end);
          if (tail >= 0) expect(after.endsWith(text.slice(tail))).toBe(true);
          if (layout.crlf && !layout.json) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
        },
      ),
      { numRuns: runs },
    );
    expect(counts.done / (counts.done + counts.refused)).toBeGreaterThan(0.8);
  });
});

describe('Terraform', async () => {
  const read = await loadHcl();
  const text = lines(
    'resource "aws_eks_cluster" "main" {',
    '  name    = "main" # ours',
    '  version = var.version',
    '',
    '  vpc_config {',
    '    endpoint_public_access = true',
    '    subnet_ids = ["a"]',
    '  }',
    '}',
  );
  const apply = (path: (string | number)[], edit: Omit<Edit, 'on'>): string | undefined => {
    const [tree] = read(sourceOf(text, 'main.tf'));
    if (!tree) throw new Error('no document');
    const edits = toTextEdits(tree, [{ ...edit, on: at(tree, ...path) }]);
    return edits && applyTextEdits(text, edits);
  };
  const cluster = ['resource', 'aws_eks_cluster', 'main'];

  test('set of an attribute', () => {
    expect(apply([...cluster, 'vpc_config'], { op: 'set', key: 'endpoint_public_access', value: false })).toBe(
      text.replace('access = true', 'access = false'),
    );
    expect(apply(cluster, { op: 'set', key: 'name', value: 'a${b}"' })).toBe(
      text.replace('"main" #', () => '"a$${b}\\"" #'),
    );
    expect(apply(cluster, { op: 'set', key: 'version', value: '1.33' })).toBe(text.replace('var.version', '"1.33"'));
    expect(apply(cluster, { op: 'set', key: 'vpc_config', value: { a: 1 } })).toBeUndefined();
  });
  test('set of an absent attribute', () => {
    expect(apply([...cluster, 'vpc_config'], { op: 'set', key: 'public_access_cidrs', value: ['10.0.0.0/8'] })).toBe(
      text.replace('["a"]\n', '["a"]\n    public_access_cidrs = ["10.0.0.0/8"]\n'),
    );
  });
  test('remove', () => {
    expect(apply(cluster, { op: 'remove', key: 'name' })).toBe(text.replace('  name    = "main" # ours\n', ''));
    expect(apply(cluster, { op: 'remove', key: 'vpc_config' })).toBe(text.replace(/ {2}vpc_config[^}]*\}\n/, ''));
    expect(apply([], { op: 'remove', key: 'resource' })).toBeUndefined();
  });
});
