import { isMadeByModule } from '#model/hidden.ts';
import type { Field } from '#spelling/field.ts';

/** User data that a module generates: nothing that is judged, unless a call adds to it by one of these arguments. */
export const generatedUserData =
  (additions: readonly string[]) =>
  (group: Field): Field => {
    const added = additions.map((key) => group.get(key)).find((one) => one.written && one.value !== '');
    return added ? added.doubted(isMadeByModule('the user data')) : group.nothing();
  };
