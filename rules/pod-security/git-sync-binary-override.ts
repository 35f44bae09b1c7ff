import { defineRule } from '#rule';
import { list } from '#rule/shape';

export default defineRule({
  title: 'git-sync must not override its git binary',
  severity: 'high',
  preset: 'strict',
  kinds: ['Workload'],
  needs: ['env', 'args'],
  scope: 'resource',
  messages: {
    env: 'Container "{container}" of {workload} sets GITSYNC_GIT, so anyone who can edit it can run any program as git-sync',
    flag: 'Container "{container}" of {workload} passes --git, so anyone who can edit it can run any program as git-sync',
  },
  help: {
    env: 'Remove GITSYNC_GIT, so that git-sync runs the git binary in its image',
    flag: 'Remove --git, so that git-sync runs the git binary in its image',
  },
  equivalents: ['checkov:CKV_K8S_159'],
  sources: ['Akamai research on git-sync command injection'],
  check(workload, { report }) {
    for (const container of workload.containers) {
      const data = { container: container.name, workload: workload.title };
      const env = list(container.object.env).find((one) => one.name === 'GITSYNC_GIT');
      if (env) report({ message: 'env', data, on: env, key: 'name' });
      const args: unknown = container.object.args;
      if (!Array.isArray(args)) continue;
      const key = args.findIndex((one) => typeof one === 'string' && /^--?git(?:=|$)/.test(one));
      if (key >= 0) report({ message: 'flag', data, on: args, key });
    }
  },
});
