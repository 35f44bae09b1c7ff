import cloudformation from './cloudformation.ts';
import eksctl from './eksctl.ts';
import type { Input } from './input.ts';
import { kubernetesInput } from './kubernetes.ts';
import terraform from './terraform.ts';

/** All formats. `templates` says where kinds keep their pod template. */
export const inputs = (templates: ReadonlyMap<string, readonly string[]>): readonly Input[] => [
  kubernetesInput(templates),
  eksctl,
  cloudformation,
  terraform,
];
