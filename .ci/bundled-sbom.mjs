// Reduces a CycloneDX SBOM of all installed packages to those that the published package contains: the packages that
// its notices name.
import { readFileSync } from 'node:fs';

const [everything, notices] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'));
const bundled = new Set(
  [...notices.matchAll(/^-{80}\n\n(\S+) (\S+) \(/gm)].map(([, name, version]) => `${name}@${version}`),
);
if (bundled.size === 0) throw new Error('the notices name no package');
const sbom = JSON.parse(everything);
// npm uses the folder name as the project name.
sbom.metadata.component.name = JSON.parse(readFileSync('package.json', 'utf8')).name;
const nameOf = ({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`;
const components = sbom.components.filter((component) => bundled.has(nameOf(component)));
const found = new Set(components.map(nameOf));
const missing = [...bundled].filter((name) => !found.has(name));
if (missing.length > 0) throw new Error(`bundled, but not installed: ${missing.join(', ')}`);
const kept = new Set([sbom.metadata.component['bom-ref'], ...components.map((component) => component['bom-ref'])]);
const dependencies = sbom.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
for (const component of components) delete component.scope; // npm calls packages that it does not install "excluded"
process.stdout.write(`${JSON.stringify({ ...sbom, components, dependencies }, null, 2)}\n`);
