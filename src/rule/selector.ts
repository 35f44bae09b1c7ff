/* Labels and the selectors that match them. */
export { type Labels, labelsOf, matches, selectorOf } from '#model/selector.ts';
