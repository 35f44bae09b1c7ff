import { defaultConfig } from '#config/config.ts';
import { lint } from '#pipeline.ts';
import text from '#reporters/text.ts';
import { rules } from '../rule/registry.ts';

/**
 * A workload with a few defects, so that the code that finds, locates and prints them runs, and a tag, which only
 * the full parser reads.
 */
const sample = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}} # a comment
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: "app"
          image: web:latest
          command: ['sh', "-c"]
          securityContext: {privileged: true}
---
apiVersion: v1
kind: Service
metadata: !!map {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;

/**
 * Does what most runs do, without output. V8's code cache holds the functions that have run when it is written, and the
 * first run of an installation may only have been --help.
 */
export async function warm(): Promise<void> {
  const report = await lint({
    cwd: process.cwd(),
    paths: ['-'],
    config: defaultConfig,
    configFolder: undefined,
    rules,
    preset: 'recommended',
    only: [],
    skip: [],
    targetVersion: undefined,
    failOn: 'never',
    allowIncomplete: false,
    allowEmpty: true,
    inlineIgnores: true,
    strictIgnores: false,
    today: '2026-01-01',
    stdin: { name: 'sample.yaml', text: sample },
  });
  const options = {
    color: false,
    showIgnored: false,
    summary: false,
    all: false,
    quiet: false,
    failOn: 'never',
    maxFindings: undefined,
    width: undefined,
    githubActions: false,
  } as const;
  for (const reporter of [text]) reporter.format(report, options);
}
