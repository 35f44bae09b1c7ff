/*
 * YAML texts that try to distinguish two readers: random ones made of every construct and every oddity, and real ones
 * with random edits. Each follows from a seed.
 */

/** Numbers from 0 to just below 1, the same ones for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
type Random = () => number;

const pick = <T>(random: Random, list: readonly [T, ...T[]]): T => list[Math.floor(random() * list.length)] ?? list[0];
const below = (random: Random, end: number): number => Math.floor(random() * end);

/** The parts of a text between its broken bars. */
function split(text: string): [string, ...string[]] {
  const [first = '', ...rest] = text.split('¦');
  return [first, ...rest];
}

const words = split(
  'a¦web¦nginx:1.25¦a b¦a  b¦it\'s¦say "x"¦a#b¦x{y}¦x[0]¦a, b¦a: b¦a #b¦a:b¦a:¦http://x.y/z?q=1#f¦' +
    '10.0.0.0/8¦8080:80¦1:30¦12:30:45¦0¦1¦-1¦+1¦007¦08¦0o17¦0x1F¦0b11¦1_000¦_1¦.5¦5.¦1.10¦1e3¦1E-3¦1e999¦-0¦.¦' +
    '..¦-.5¦.inf¦-.Inf¦.nan¦.NaN¦100m¦12345678901234567890¦9007199254740993¦0.1.2¦2024-01-01¦' +
    '2024-01-01T00:00:00Z¦true¦True¦TRUE¦tRue¦yes¦no¦on¦Off¦y¦N¦~¦null¦Null¦NULL¦nULL¦<<¦=¦__proto__¦' +
    'constructor¦toString¦-a¦- a¦--a¦-¦--¦---¦...¦....¦?a¦? a¦?¦:a¦: a¦:¦::¦%a¦@a¦`a`¦!a¦&a¦*a¦&a b¦!!str 1¦' +
    '!Ref x¦|¦>¦|a¦#¦#a¦\\¦a\\¦a\\nb¦$(X)¦${X}¦{{ x }}¦{% x %}¦a\tb¦a\t¦\ta¦a \t#b¦a\u00a0b¦a\u00a0¦\u00a0a¦é¦' +
    'a😀¦😀¦\u3000¦\ufeffa¦a\u0085b¦a\u2028b¦\ud800¦a\u007f¦a\u0001¦{¦}¦[¦]¦,¦,a¦a,¦a}¦a]¦\'¦"¦>-x¦|-¦a ? b¦' +
    'a ?¦a - b¦*¦&',
);
const tame = split('a¦web¦1¦0¦on¦-1¦1.5¦nginx:1.25¦a b c¦~¦null¦true¦--x=y¦/a/b¦$(X)¦100m');
const keys = split(
  'a¦b¦c¦d¦e¦f¦g¦h¦image¦spec¦metadata¦labels¦app¦A¦B¦C¦name¦kind¦apiVersion¦description¦message¦rule¦a.b/c¦' +
    '1¦0¦10¦x-y¦$ref',
);
const oddKeys = [
  ...split(
    '01¦1.0¦0x1¦1e1¦.5¦on¦y¦true¦null¦~¦<<¦"<<"¦\'<<\'¦__proto__¦constructor¦a b¦"a"¦\'a\'¦"a b"¦"1"¦' +
      '\'a\'\'b\'¦"a\\"b"¦"a\\nb"¦""¦\'\'¦.inf¦.nan¦-a¦-1¦+1¦?a¦? a¦- a¦a:b¦a:¦a ¦"a" ¦*a¦&a a¦!!str a¦[a]¦' +
      '{a: b}¦[]¦@a¦a@b¦é¦{{x}}¦a(b)¦a#¦a #¦#a¦=¦_¦a,b¦Fn::Sub¦Resources¦AWSTemplateFormatVersion¦2024-01-01¦' +
      '12345678901234567890¦1_0¦...a',
  ),
  'x'.repeat(1030),
] as const;
/** What a quoted string may contain. */
const escapes = split(
  "\\¦\\\\¦\\\"¦''¦\\x41¦\\u0041¦\\ud83d\\ude00¦\\ud83d¦\\u00¦\\/¦\\0¦\\e¦\\ ¦\\\t¦\t¦\n¦\n\n  x¦ \n x¦" +
    '\\\n  x¦"¦\'¦\\N¦\\L¦\\_¦\\uFEFF¦\\U0001F600¦\n---\n¦\u2028',
);
/** What rarely occurs in brackets. */
const oddEntries = split(
  '¦a: b¦? a¦"a": b¦a:¦-¦- a¦&x a¦*x¦!t a¦a ? b¦?¦?x¦a?¦:a¦"a""b"¦"a"b¦a\'b¦%¦@¦a\n  b¦a\n\n b¦--- a¦...¦|¦' +
    '>a¦a #b¦a#b¦[a]b¦"a"#b',
);
const marks = split('|¦>¦|-¦>-¦|+¦>+¦|2¦|2-¦>-1¦|-2¦| ¦|\t¦| # c¦|#c¦|\u00a0¦>\u3000¦|a¦|--¦|9');

/** A text made of all constructs; `odd` is the share of rare constructs. */
class Writer {
  readonly #random: Random;
  readonly #odd: number;
  text = '';

  constructor(random: Random, odd: number) {
    this.#random = random;
    this.#odd = odd;
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }
  #isOdd(): boolean {
    return this.#chance(this.#odd);
  }
  #word(): string {
    return this.#isOdd() ? pick(this.#random, words) : pick(this.#random, tame);
  }
  #key(): string {
    return this.#isOdd() ? pick(this.#random, oddKeys) : pick(this.#random, keys);
  }
  /** What may be between two lines. */
  #gap(indent: number): void {
    const random = this.#random;
    if (!this.#chance(0.15)) return;
    const times = 1 + below(random, 3);
    for (let i = 0; i < times; i++)
      this.text += this.#isOdd()
        ? pick(random, [
            '  \n',
            ' \n',
            '\t\n',
            ' \t\n',
            '\t# c\n',
            ' '.repeat(indent + 1) + '\n',
            '    \n',
            '# c\td\n',
            '#\n',
            '---\n',
            '...\n',
            '--- # c\n',
          ])
        : pick(random, [
            '\n',
            `${' '.repeat(below(random, indent + 2))}# c\n`,
            `${' '.repeat(indent)}# c: d\n`,
            '# c\n',
          ]);
  }
  #lineEnd(): void {
    if (this.#chance(0.06)) this.text += pick(this.#random, [' ', '  ', ' # c', ' #', '  # c: "d']);
    if (this.#isOdd())
      this.text += pick(this.#random, [
        '\t',
        ' \t',
        '#c',
        '\t# c',
        ' x',
        ' : y',
        ',',
        ' \u00a0',
        '\r',
        ' ]',
        ' }',
        ' "',
      ]);
    this.text += '\n';
  }
  #quoted(): string {
    const random = this.#random;
    const inner = this.#isOdd() ? pick(random, escapes) : '';
    const body = `${this.#word()}${inner}`;
    return this.#chance(0.5) ? `"${body}"` : `'${body}'`;
  }
  #flow(depth: number): string {
    const random = this.#random;
    const space = (): string =>
      this.#isOdd()
        ? pick(random, [
            ' ',
            '',
            '\n',
            '\n  ',
            '\n\n',
            ' # c\n',
            '#c\n',
            '\t',
            '\n\t',
            '\n      ',
            '\n- ',
            '\r\n',
            '\n# c\n  ',
          ])
        : pick(random, ['', ' ', '', ' ', '\n', '\n    ']);
    const value = (): string => {
      if (depth < 4 && this.#chance(0.2)) return this.#flow(depth + 1);
      if (this.#chance(0.3)) return this.#quoted();
      return this.#isOdd() ? pick(random, oddEntries) : this.#word();
    };
    const isMap = this.#chance(0.5);
    const parts: string[] = [];
    for (let count = below(random, 4); count > 0; count--) {
      const key = this.#chance(0.3) ? this.#quoted() : this.#key();
      parts.push(
        space() +
          (isMap
            ? `${key}${this.#isOdd() ? pick(random, [':', '', ' : ', ':\n', ':\t', ' :']) : ': '}${value()}`
            : value()) +
          space(),
      );
    }
    if (this.#isOdd()) parts.push(pick(random, ['', ' ', '\n']));
    const body = parts.join(',') || space();
    if (this.#isOdd())
      return `${isMap ? '{' : '['}${body}${pick(random, ['', ']', '}', ']]', '}:', ']: a', '] x', '}#c'])}`;
    return isMap ? `{${body}}` : `[${body}]`;
  }
  #block(indent: number): void {
    const random = this.#random;
    this.text += pick(random, this.#isOdd() ? marks : this.#chance(0.1) ? ['>', '>-', '|+', '>+'] : ['|', '|-']);
    this.text += '\n';
    const inner = indent + (this.#isOdd() ? below(random, 4) : 2);
    for (let count = this.#isOdd() ? 0 : 1 + below(random, 5); count > 0; count--) {
      const lead = this.#chance(0.2) ? pick(random, [' ', '  ', '\t']) : '';
      this.text += this.#chance(0.25)
        ? pick(
            random,
            this.#isOdd()
              ? [
                  ' \n',
                  '    \n',
                  '\t\n',
                  `${' '.repeat(inner)}\n`,
                  `${' '.repeat(inner + 2)}\n`,
                  '# c\n',
                  `${' '.repeat(inner - 1 > 0 ? inner - 1 : 0)}# c\n`,
                ]
              : ['\n', '\n\n'],
          )
        : `${' '.repeat(inner)}${lead}${pick(random, ['x', 'y: z', '- w', '# c', 'a b', '{}', '"', this.#word()])}\n`;
    }
  }
  /** A value after a key or a dash of a container at `indent`. */
  #value(indent: number, depth: number): void {
    const random = this.#random;
    const kind = this.#random();
    if (kind < 0.25 && depth < 5) {
      this.#lineEnd();
      this.#gap(indent);
      return this.node(indent + (this.#isOdd() ? below(random, 5) : 2), depth + 1);
    }
    if (kind < 0.3) return this.#lineEnd();
    if (this.#isOdd()) this.text += pick(random, ['\t', '', '  ', '&x ', '!!str ', '!t ', '\n   ', '\u00a0']);
    else this.text += this.#chance(0.9) ? ' ' : '   ';
    if (kind < 0.4) return this.#block(indent);
    if (kind < 0.5) this.text += this.#flow(0);
    else if (kind < 0.65) this.text += this.#quoted();
    else this.text += this.#word();
    if (kind > 0.9) {
      for (let count = 1 + below(random, 2); count > 0; count--)
        this.text += `${this.#isOdd() ? pick(random, ['\n', ' # c\n', '\t\n', '\n  # c']) : this.#chance(0.2) ? '\n' : ''}\n${' '.repeat(indent + 1 + below(random, 3))}${this.#word()}`;
    }
    this.#lineEnd();
  }
  node(indent: number, depth: number): void {
    const random = this.#random;
    const isList = this.#chance(0.4);
    for (let count = 1 + below(random, 3); count > 0; count--) {
      this.#gap(indent);
      const lead = this.#isOdd() ? below(random, indent + 3) : indent;
      this.text += ' '.repeat(lead);
      if (!isList) {
        this.text += `${this.#key()}${this.#isOdd() ? pick(random, ['', ' :', ':\t', '::', ':  ']) : ':'}`;
        if (this.#chance(0.1) && depth < 5) {
          this.#lineEnd();
          this.#items(indent, depth);
        } else this.#value(indent, depth);
      } else this.#item(indent, depth);
    }
    this.#gap(indent);
  }
  /** A list with the same indentation as its key. */
  #items(indent: number, depth: number): void {
    for (let count = 1 + below(this.#random, 2); count > 0; count--) {
      this.#gap(indent);
      this.text += ' '.repeat(indent);
      this.#item(indent, depth);
    }
  }
  #item(indent: number, depth: number): void {
    const random = this.#random;
    const dash = this.#isOdd()
      ? pick(random, ['-', '-  ', '-\t', '- - ', '- ? ', '-   ', '- # c\n', '-\n', '--'])
      : '-';
    this.text += dash;
    if (this.#chance(0.5) && depth < 5) {
      this.text += ' ';
      const inner = indent + dash.length + 1;
      for (let count = 1 + below(random, 3), first = true; count > 0; count--, first = false) {
        if (!first) this.text += ' '.repeat(this.#isOdd() ? below(random, inner + 2) : inner);
        this.text += `${this.#key()}:`;
        this.#value(inner, depth + 1);
        if (count > 1) this.#gap(inner);
      }
    } else this.#value(indent, depth + 1);
  }
  document(): void {
    const random = this.#random;
    if (this.#isOdd())
      this.text += pick(random, [
        '%YAML 1.2\n---\n',
        '\ufeff',
        '---\n---\n',
        '...\n',
        '# c\n...\n',
        '--- a\n',
        '---\t\n',
        '--- {}\n',
        '---#c\n',
        '---\u00a0\n',
        '%a\n',
        '--- |\n',
        '--- # c\n',
      ]);
    else if (this.#chance(0.4)) this.text += '---\n';
    this.#gap(0);
    if (this.#chance(0.05)) this.text += this.#flow(0);
    else if (this.#isOdd()) this.text += pick(random, [this.#word(), this.#quoted(), '', '# c', '|\n  x\n', '  a: b']);
    else this.node(this.#isOdd() ? below(random, 4) : 0, 0);
    if (this.#isOdd())
      this.text += pick(random, [
        '...',
        '...\n',
        '... # c\n',
        '---',
        '  ',
        '\n\n',
        '\n  \n',
        '# c',
        '  # c',
        '\t',
        '\u0000',
      ]);
    if (this.#chance(0.2)) this.text = this.text.replace(/\n+$/, '');
  }
}

/** A text of one to three documents. */
export function writeText(random: Random): string {
  const writer = new Writer(random, pick(random, [0, 0.01, 0.02, 0.05, 0.15]));
  for (let count = pick(random, [1, 1, 1, 2, 3]); count > 0; count--) writer.document();
  const { text } = writer;
  const end = random();
  return end < 0.02 ? text.replaceAll('\n', '\r\n') : end < 0.03 ? text.replaceAll('\n', '\r') : text;
}

const pieces = split(
  ' ¦  ¦\n¦\n\n¦\n \n¦\n   \n¦\t¦\r¦\r\n¦\u0085¦\u2028¦\u00a0¦\ufeff¦\u0000¦\u007f¦é¦😀¦\ud800¦#¦ #¦ # c¦' +
    '# c\n¦\n# c\n¦\n  # c\n¦\n    # c\n¦\n      # c¦\n\t# c¦-¦- ¦\n- ¦- - ¦-\n¦? ¦?¦:¦: ¦:\n¦ :¦"¦\'¦""¦\'\'¦' +
    '{¦}¦[¦]¦{}¦[]¦,¦, ¦[a, b]¦{a: b}¦{a}¦[a: b]¦\\¦\\"¦|¦|\n¦>\n¦|-¦>+¦|+¦|2¦|\n\n¦&a ¦*a¦!!str ¦!Ref ¦<<: ¦' +
    '%¦---\n¦--- ¦---¦...\n¦...¦null¦~¦0¦01¦1_0¦0x1¦on¦.inf¦-¦+¦.¦a: 1¦\n  b: 2\n¦\nkind: x\n¦$¦/¦(¦)¦@¦`¦=',
);

/** A text with random edits, or with moved lines. */
export function mutateText(random: Random, given: string): string {
  let text = given;
  for (let count = pick(random, [1, 1, 1, 2, 3]); count > 0; count--) {
    const kind = below(random, 12);
    if (kind < 4) {
      const at = below(random, text.length + 1);
      text = text.slice(0, at) + pick(random, pieces) + text.slice(at + (random() < 0.3 ? below(random, 4) : 0));
      continue;
    }
    if (kind === 4) {
      const at = below(random, text.length + 1);
      text = random() < 0.5 ? text.slice(0, at) : text.slice(at);
      continue;
    }
    const lines = text.split('\n');
    const at = below(random, lines.length);
    const line = lines[at] ?? '';
    const other = below(random, lines.length);
    if (kind === 5) lines.splice(at, 1);
    else if (kind === 6) lines.splice(other, 0, line);
    else if (kind === 7) [lines[at], lines[other]] = [lines[other] ?? '', line];
    else if (kind === 8) lines[at] = ' '.repeat(below(random, 9)) + line.trimStart();
    else if (kind === 9) lines[at] = random() < 0.5 ? ` ${line}` : line.slice(1);
    else if (kind === 10) lines[at] = line + pick(random, pieces);
    else {
      // Where a value starts.
      const value = /^( *(?:- )*[^\s:]+: ?)(.*)$/.exec(line);
      if (value) lines[at] = `${value[1]}${pick(random, [...pieces, ...words])}${random() < 0.5 ? value[2] : ''}`;
    }
    text = lines.join('\n');
  }
  return text;
}
