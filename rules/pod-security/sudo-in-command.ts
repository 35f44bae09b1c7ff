import { defineRule } from '#rule';
import { commandsOf } from '#rule/pod';

/**
 * The start of a command in a shell string: at the beginning, or after an operator, a keyword, a variable or a program
 * that runs another.
 */
const commandStart =
  '(?:^|[;&|({`\\n]|\\b(?:then|do|else|exec|eval|time|nohup|env|xargs|if|while|until)[ \\t]|![ \\t]|-c[ \\t]+["\']?)[ \\t]{0,80}(?:[A-Za-z_]\\w{0,80}=\\S{0,200}[ \\t]{1,8}){0,4}';
const runsSudo = new RegExp(`${commandStart}["']?(?:/[\\w./-]{1,100}/)?sudo["']?(?=\\s|$|[;&|)])`, 'm');
/** Longer strings are programs. */
const longest = 65_536;

/** Whether a word of a command is sudo, or a shell string that runs it. */
const isSudo = (word: unknown): boolean =>
  typeof word === 'string' &&
  word.length <= longest &&
  word.includes('sudo') &&
  (/^(?:\S*\/)?sudo$/.test(word.trim()) || runsSudo.test(word));

export default defineRule({
  title: 'Container should not run programs with sudo',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['Workload'],
  needs: ['command', 'args'],
  scope: 'resource',
  messages: {
    sudo: 'Container "{container}" of {workload} runs a command with sudo, so the program runs as root regardless of runAsUser',
  },
  help: 'Call the program without sudo, and set runAsUser or file permissions accordingly',
  equivalents: ['kubescape:C-0062'],
  sources: ['Kubescape control library'],
  check(workload, { report }) {
    for (const container of workload.containers) {
      const found = commandsOf(container).flatMap((words) => {
        const key = words.findIndex(isSudo);
        return key < 0 || installs(words, key) ? [] : [{ on: words, key }];
      });
      const [first] = found;
      if (first) report({ message: 'sudo', data: { container: container.name, workload: workload.title }, ...first });
    }
  },
});

/** Whether sudo is only the name of a package in a list of words. */
const installs = (words: readonly unknown[], key: number): boolean =>
  words.slice(0, key).some((word) => word === 'install' || word === 'add');
