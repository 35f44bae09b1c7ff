/* Labels and the selectors that match them. */
export { LabelIndex, type Labels, labelsOf, matches, type Selector, push, selectorOf } from '#model/selector.ts';
