import { Answer, defineRule } from '#rule';
import { addonNames, mistakenAddonNames } from '#rule/addon';
import { editDistance, nearest } from '#rule/nearest';

const known = new Set(addonNames);
const mistaken = new Map(mistakenAddonNames);

export default defineRule({
  title: 'Add-on name should be known to EKS',
  severity: 'medium',
  preset: 'recommended',
  kinds: ['addon'],
  scope: 'model',
  fix: 'suggestion: write the known name',
  messages: {
    near: 'EKS has no add-on "{addon}" (did you mean "{known}"?), so its creation fails',
  },
  help: 'Use a name from the output of aws eks describe-addon-versions, e.g. vpc-cni',
  equivalents: [],
  sources: ['Amazon EKS User Guide, Available Amazon EKS add-ons', 'eksctl validation and schema: known add-ons'],
  check({ name }, { report }) {
    const { value } = name;
    // AWS Marketplace add-on names contain an underscore: publisher_product.
    const near = value === undefined || known.has(value) ? undefined : (mistaken.get(value) ?? nearest(value, known));
    // Others may be add-ons newer than this rule.
    const isNear = near !== undefined && value !== undefined && (mistaken.has(value) || editDistance(value, near) <= 3);
    report({
      when: value !== undefined && !isNear ? Answer.no : name.where((text) => !known.has(text)),
      message: 'near',
      data: { addon: value ?? '', known: near ?? '' },
      at: name.at,
      ...(!isNear ? {} : { fix: { safe: false, edits: name.write(near) } }),
    });
  },
});
