/*
 * The rule contract: the only module that rules import. What several rules need belongs here or in the model.
 */
export {
  type AnyRule,
  type Custom,
  defineRule,
  type Kind,
  type Local,
  type OptionSchema,
  type Scope,
  type Subjects,
  type Target,
} from './define.ts';
export { foundElsewhere, selectsUnseenPods, whyObjectUnseen, whyPodsUnseen } from './absence.ts';
export { changedElsewhere } from './origin.ts';
export { coversInternet, cidrSize, inside, isPrivate } from './cidr.ts';
export { type ImageReference, parseImage } from './image.ts';
export { endsOf, matchesAny, pattern, patternFault, whole } from './pattern.ts';
export { initContainers, shortfallsOf } from './compute.ts';
export { containerProbes, containerResources } from './families.ts';
export { countOf, leastReplicas } from './replicas.ts';
export { patched, unclearLabelsAround, unclearPodLabels, unclearSelectorsAround, unrendered } from './unknown.ts';
export { definedByUser, outdatedApis, replacementOf, targetOf, targetVersions } from './api.ts';
export { calendarOf, clusterTitle, newestVersion, olderThanCalendar, upgradeEdits, whereWritten } from './eks.ts';
export { areVariablesFilled, isTerraformTemplate } from './filled.ts';
export { isTemplateText, unrenderedMarks } from './template.ts';
export { dig, digRecord } from '#model/dig.ts';
export { groupOf } from '#model/kinds.ts';
export { editDistance, nearest } from '#model/nearest.ts';
export { isPlatformObject } from '#model/platform.ts';
export { parseQuantity } from '#model/quantity.ts';
export {
  addedCapabilities,
  baselineCapabilities,
  capabilityName,
  dangerousCapabilities,
  hostPaths,
  inUserNamespace,
  isHostProcess,
  isRuntimeSocket,
  isSensitiveMount,
  mountsReadOnly,
  privilegedChange,
  rootChange,
  rootSetting,
  seccompOf,
  sensitivePaths,
} from './pod.ts';
export {
  bindingsOf,
  builtInNames,
  coversUrls,
  type Grant,
  grantsEverything,
  grantsOf,
  hasPair,
  ignoreNames,
  isAnonymous,
  isCustomOnly,
  isIgnored,
  isRbac,
  isSecretController,
  rbacGroup,
  roleRefOf,
  shortList,
  subjectName,
  subjectsOf,
} from './rbac.ts';
export {
  annotationPrefixes,
  inTreeAnnotations,
  isKnownAnnotation,
  likelyAnnotation,
  nearAnnotations,
  serviceStem,
  splitKey,
  unreadPrefix,
} from './load-balancer-annotations.ts';
export { type ApiVersion, deprecatedApi } from '#model/api-versions.ts';
export { eksctlType, type EksctlField } from '#model/eksctl-schema.ts';
export type { Cluster, Nodegroup, NodeTemplate, Addon } from '#model/cluster.ts';
export type { Severity } from '#model/finding.ts';
export { doubtOf, type PodContainer, Resource, type Role, Workload } from '#model/resource.ts';
export { type Labels, labelsOf, matches, type Selector, selectorOf } from '#model/selector.ts';
export { isRecord, list, record, text, texts } from '#model/shape.ts';
export { clusterHour, daysBetween, type EksVersion, eksVersions, minorOf } from '#model/calendar.ts';
export { Answer, Collection, Value } from '#model/value.ts';
export type { AnyResource, Neighbours, Workspace } from '#model/workspace.ts';
export { type Location, locate, locationAt, type Tree } from '#syntax/tree.ts';
