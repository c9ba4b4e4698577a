/** A JSON value that is neither an object nor an array. */
export type Leaf = string | number | boolean | null;

/** Which element of which array a field stands in, and where that array stands. */
export interface Place {
  readonly array: number;
  readonly index: number;
  readonly outer: Place | undefined;
}

/** One value of an event, and the innermost element of an array that it stands in. */
export interface Field {
  readonly value: Leaf;
  readonly place: Place | undefined;
}

/** The values of an event by path: the names from the outside to the inside, joined by dots. */
export type Fields = ReadonlyMap<string, readonly Field[]>;

/**
 * Flattens an event as EventBridge does. The elements of an array have the path of the array.
 * https://github.com/aws/event-ruler#json-array-matching
 *
 * @param event of at most a few thousand levels
 * @param paths of interest; others are left out
 */
export function fieldsOf(event: object, paths: ReadonlySet<string>): Fields {
  const fields = new Map<string, Field[]>();
  const leadsTo = (path: string): boolean =>
    paths.has(path) || [...paths].some((wanted) => wanted.startsWith(`${path}.`));
  let arrays = 0;

  const visit = (value: unknown, path: string, place: Place | undefined): void => {
    if (Array.isArray(value)) {
      const array = arrays++;
      // A plain element is not tied to its array: two fields may match by different ones.
      value.forEach((element, index) => {
        visit(element, path, isContainer(element) ? { array, index, outer: place } : place);
      });
    } else if (isContainer(value)) {
      for (const [name, member] of Object.entries(value)) {
        const inner = path === '' ? name : `${path}.${name}`;
        if (leadsTo(inner)) visit(member, inner, place);
      }
    } else if (value !== undefined && paths.has(path)) {
      const field = { value: value as Leaf, place };
      const others = fields.get(path);
      if (others === undefined) fields.set(path, [field]);
      else others.push(field);
    }
  };
  visit(event, '', undefined);
  return fields;
}

const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Whether two fields may match together: they do not stand in different elements of the same array.
 */
export function together(one: Place | undefined, other: Place | undefined): Place | undefined | 'elsewhere' {
  let both = one;
  for (let place = other; place !== undefined; place = place.outer) {
    const index = indexIn(place.array, one);
    if (index === undefined) both = { array: place.array, index: place.index, outer: both };
    else if (index !== place.index) return 'elsewhere';
  }
  return both;
}

function indexIn(array: number, place: Place | undefined): number | undefined {
  for (let here = place; here !== undefined; here = here.outer) if (here.array === array) return here.index;
  return undefined;
}
