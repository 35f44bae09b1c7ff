/* Labels and the selectors that match them. */
export { type Labels, labelsOf, matches, type Selector, selectorOf } from '#model/selector.ts';
