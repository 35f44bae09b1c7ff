import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Language, Parser } from 'web-tree-sitter';
import { hclAssets } from '#syntax/hcl.ts';
import { readHcl, type Syntax } from '#syntax/hcl-reader.ts';

const [, grammar] = hclAssets;
const home = dirname(createRequire(import.meta.filename).resolve(`${grammar.package}/package.json`));
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(join(home, grammar.file)));

/** Nodes that the reader omits, and that are not used of the grammar either. */
const marks =
  /^(?:comment|config_file|body|template_literal|strip_marker|template_interpolation_(?:start|end)|heredoc_(?:start|identifier)|(?:tuple|object|block|quoted_template)_(?:start|end))$/;
const operator = /^(?:\|\||&&|[=!<>]=|[-+*/%<>!])$/;

/** Nodes with their places, from the outside in. */
function listed({ type, startIndex, endIndex, isNamed, children }: Syntax): string[] {
  const inner = children.flatMap((child) => (child ? listed(child) : []));
  const isAsked = isNamed ? !marks.test(type) : operator.test(type);
  return isAsked ? [`${type} ${startIndex}-${endIndex}`, ...inner, 'end'] : inner;
}
/** The result of the grammar; undefined if it finds an error. */
function byGrammar(text: string): unknown {
  const tree = parser.parse(text);
  if (!tree) throw new Error('no tree');
  try {
    if (tree.rootNode.hasError) return undefined;
    const comments = tree.rootNode.descendantsOfType('comment').flatMap((node) => {
      const written = node ? text.slice(node.startIndex, node.endIndex).replace(/[\r\n]+$/, '') : '';
      return node && !written.startsWith('/*') ? [{ offset: node.startIndex, text: written }] : [];
    });
    return { nodes: listed(tree.rootNode), comments };
  } finally {
    tree.delete();
  }
}
/** The result of the reader; undefined if it leaves the text to the grammar. */
function byReader(text: string): unknown {
  const read = readHcl(text);
  return read && { nodes: listed(read.root), comments: read.comments };
}

const values = [
  '"text"',
  '""',
  '" a "',
  '"a\\n\\"b\\" \\u00e9 $${x} %%{y} $5 100%"',
  '"# no comment /* none */ // none"',
  '"a ${b} c${d}"',
  '"${a}"',
  '"${~ a ~}"',
  '"${f("${x}", { a = 1 }.a)}"',
  '12',
  '1.5',
  '1.5e-3',
  'true',
  'nullable',
  'a-b.c-d',
  'a[0].b["c"][d].0.e',
  'a.*.b[0].c',
  'a[*].b[0].c',
  '"a".b',
  '[1, 2][0]',
  'f(a)[0].b',
  '(a).b + (c)[0]',
  'f()',
  'f(a, b...)',
  'f(\n  a, # one\n  b, // two\n)',
  '-a.b + !c[0]',
  '- -a',
  'a + b * c - d / e % f',
  '(1 + 2) * 3',
  'a == b || c >= d && e < f != g',
  'a ? b : c',
  'a ? b : c ? d : e ? f : g',
  'a ? b ? c : d : e',
  '(a ? b : c) ? d : e',
  '[]',
  '[1, [2, "a",],]',
  '[\n  a\n  ,\n  b /* c */ ]',
  '{}',
  '{ a = 1, "b" : 2, 3 = c, (d) = e, "${f}-g" = h }',
  '{\n  a = 1\n  b = 2 # c\n\n  "d" = { e = f }\n}',
  '[for x in y : x]',
  '[for i, x in a ? b : c : "${i}${x}" if x != "a"]',
  '{ for k, v in m : k ? a : b => v }',
  '{\n  for k, v in m :\n  k => v...\n  if v\n}',
  '<<EOT\n a ${b}\n  "c" $${d} EOT\nEOT',
  '<<-EOT\n\n    a\n      ${b.c}\n    EOT',
  '[<<EOT\na\nEOT\n, b]',
];
const rest = `# first
resource "a" b "c d" { // second
  n { a = 1 }
  m {}
  /* third */ k = /* fourth */ v # fifth
}
`;

describe('files that are read without the grammar', () => {
  it.each(values)('%s', (value) => {
    for (const text of [
      `x = ${value}\n`,
      `${rest}x {\n  y = ${value} \n}\n`,
      `x = [${value}\n]`,
      `x = { a = ${value}\n}`,
    ]) {
      const read = byReader(text);
      expect(read).toBeDefined();
      expect(read).toEqual(byGrammar(text));
    }
  });

  it.each(['', '\n', '# only', '\n\n a = 1', rest, rest.replaceAll('\n', '\r\n')])('%j', (text) => {
    const read = byReader(text);
    expect(read).toBeDefined();
    expect(read).toEqual(byGrammar(text));
  });

  it('are our fixtures', () => {
    const files = readdirSync('fixtures', { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(?:tf|tfvars)$/.test(name),
    );
    const read = files.filter((name) => {
      const text = readFileSync(join('fixtures', name), 'utf8');
      const found = byReader(text);
      if (found !== undefined) expect(found, name).toEqual(byGrammar(text));
      return found !== undefined;
    });
    expect(files.length).toBeGreaterThan(0);
    expect(read.length / files.length).toBeGreaterThan(0.9);
  });

  // The grammar reads `1e3` as 1, and a block named e3 or an error behind it (HCL native syntax specification, Numeric Literals).
  it.each(['1e3', '2E+1', '2e-1'])('may hold %s', (number) => {
    expect(JSON.stringify(byReader(`x = ${number}\n`))).toContain(`numeric_lit 4-${4 + number.length}`);
  });
});

it.each([
  'x',
  'x = ',
  'x = 1 y = 2',
  'x = a b',
  'x = a +\n b',
  'x = 0x1f',
  'x = 1.',
  'x = "a',
  'x = "a\n"',
  'x = "\\x"',
  'x = "$$${a}"',
  'x = "${}"',
  'x = "%{ if a }b%{ endif }"',
  'x = <<EOT\na\n',
  'x = <<EOT\na\nEOT',
  'x = <<EOT\nEOTX\nEOT\n',
  'x = <<EOT\n%{ if a }b%{ endif }\nEOT\n',
  'x = a::b()',
  'x = é',
  'x = f(a b)',
  'x = [a b]',
  'x = { a = b (c) = d }',
  'x = { a = b\n (c) = d }',
  'x = { a.b = c }',
  'x = { a }',
  'x = [for]',
  'x = a.',
  'x = a ? b',
  'x = a[0',
  'x = (a',
  'x = !',
  'x {',
  'x {}}',
  'x "${a}" {}',
  'x = 1 /* a',
  '{ "a": 1 }',
  'x = 1\0',
  `x = ${'!'.repeat(1000)}a`,
])('is left to the grammar: %j', (text) => {
  expect(byReader(text)).toBeUndefined();
});

it('damaged texts are left to the grammar or read as by it', () => {
  let state = 1;
  const below = (most: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % most;
  };
  const pieces = [
    ...values,
    '\n',
    ' ',
    '"',
    '${',
    '}',
    '{',
    '[',
    '(',
    ')',
    '=',
    '=>',
    '...',
    '?',
    ':',
    '#',
    '/*',
    '~}',
    'for ',
    ' if ',
    '%{',
    '\\',
    'é',
  ];
  let read = 0;
  for (let i = 0; i < 3000; i++) {
    let text = `${rest}x = ${values[below(values.length)]}\ny {\n  z = ${values[below(values.length)]}\n}\n`;
    for (let n = below(3); n >= 0; n--) {
      const at = below(text.length);
      text = text.slice(0, at) + (below(2) === 0 ? pieces[below(pieces.length)] : '') + text.slice(at + below(4));
    }
    const found = byReader(text);
    if (found === undefined) continue;
    read++;
    expect(found, text).toEqual(byGrammar(text));
  }
  expect(read).toBeGreaterThan(300);
});
