import { defineRule } from '#rule';
import { credentialReader } from '#rule/credentials';
import { matchesAny, pattern } from '#rule/pattern';
import { commandsOf } from '#rule/pod';

/** Longer texts are programs; credentials with a known form are still found in them. */
const longest = 65_536;

/** The words of a shell string, without their quotes. */
const shellWords = (line: string): readonly string[] =>
  Array.from(line.slice(0, longest).matchAll(/(?:[^\s"';&|]|"[^"]{0,4096}"|'[^']{0,4096}')+/g), ([word]) =>
    word.replace(/["']/g, ''),
  );

/** The value of a flag: a literal, or something that the shell or Kubernetes replaces. */
const reference = /[$`]|^-|^@|^(?:\/|\.{1,2}\/|~\/)/;
/** Flags whose value may also be the name of a Secret, or metadata of a token: the value must look random. */
const weakFlag = /(?:token|secret)$/i;

export default defineRule({
  title: 'Command line must not contain a credential',
  severity: 'critical',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['command', 'args'],
  scope: 'resource',
  options: {
    flags: {
      type: 'string',
      patterns: true,
      default: '(?i)^--?([a-z-]*-)?(password|passwd|token|secret|api-?key|secret-key)$',
      description: 'Flags that take a credential.',
    },
  },
  messages: {
    shape:
      'Container "{container}" of {workload} has {what} in its command line, so anyone who can read the manifest has it',
    flag: 'Container "{container}" of {workload} passes {flag} in plain text, so anyone who can read the manifest has it',
  },
  help: 'Set an environment variable from a Secret, pass it as $(NAME), and rotate the credential',
  equivalents: ['kubescape:C-0012'],
  sources: ['OWASP Kubernetes Top Ten'],
  check(workload, { options, report }) {
    const reader = credentialReader();
    const flags = pattern(options.flags);
    const isLiteral = (flag: string, value: string | undefined): boolean =>
      value !== undefined &&
      !reference.test(value) &&
      !reader.isStandIn(flag, value) &&
      // A neutral name, so that only the value counts.
      reader.isNamed('password', value) &&
      (!weakFlag.test(flag) || reader.isNamed('token', value));
    for (const container of workload.containers) {
      const data = { container: container.name, workload: workload.title };
      for (const words of commandsOf(container)) {
        for (const [key, word] of words.entries()) {
          if (typeof word !== 'string') continue;
          const what = reader.shapeOf(word);
          if (what !== undefined) {
            report({ message: 'shape', data: { ...data, what }, on: words, key });
            continue;
          }
          const inner = /\s/.test(word.trim()) ? shellWords(word) : [word.trim()];
          const next = words[key + 1];
          const found = inner.find((one, i) => {
            const equals = one.indexOf('=');
            const flag = equals < 0 ? one : one.slice(0, equals);
            if (!matchesAny(flag, [flags])) return false;
            const value = equals >= 0 ? one.slice(equals + 1) : inner.length > 1 ? inner[i + 1] : next;
            return typeof value === 'string' && isLiteral(flag, value);
          });
          if (found !== undefined)
            report({
              message: 'flag',
              data: { ...data, flag: found.replace(/=.*$/s, '') },
              on: words,
              // The value is identified by its location, which is that of the flag if both are one word.
              key: inner.length > 1 || found.includes('=') ? key : key + 1,
            });
        }
      }
    }
  },
});
