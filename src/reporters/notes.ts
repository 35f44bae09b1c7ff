import type { Location } from '#syntax/tree.ts';
import type { Note } from '#model/finding.ts';
import { group } from './rows.ts';

/** How a format writes the parts of a note. */
interface Format {
  readonly place: (at: Location) => string;
  readonly says: (message: string) => string;
  readonly dim?: (text: string) => string;
}

/** A gap in the result, rather than a remark. */
const isGrave = ({ kind }: Note): boolean => kind === 'incomplete' || kind === 'problem';
/** More places than this are counted. */
const mostPlaces = 3;

/** Notes with the same message are one line, with their places and their number. Gaps in the result come first. */
export function tellNotes(
  notes: readonly Note[],
  { place, says, dim = (text) => text }: Format,
): readonly { readonly grave: boolean; readonly kind: Note['kind']; readonly line: string }[] {
  const rows = [...group(notes, ({ kind, message }) => `${kind} ${message}`).values()].map((same) => {
    const [first] = same;
    const n = same.reduce((sum, note) => sum + (note.count ?? 1), 0);
    const places = same.flatMap(({ at }) => (at ? [place(at)] : []));
    const shown = places.length <= mostPlaces ? places.join(', ') : `${places[0]} and ${places.length - 1} more`;
    const message = says(first.message);
    // A note that lists things with their numbers is already counted.
    const isCounted = n > 1 && (same.length > 1 || !/ \d+(?:,|$)|\(\d+\)/.test(first.message));
    const counted = `${message}${isCounted ? ` (${n})` : ''}`;
    // A single location is the subject of the note, several are places to look.
    const line =
      places.length > 1 ? `${message} (${n}): ${dim(shown)}` : `${shown === '' ? '' : `${shown}: `}${counted}`;
    return { grave: isGrave(first), kind: first.kind, line };
  });
  return [...rows.filter(({ grave }) => grave), ...rows.filter(({ grave }) => !grave)];
}
