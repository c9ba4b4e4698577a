/** What is written between two fields: the ends and the beginnings of groups, a comma, and the name of the second. */
type Between = string;

/**
 * Writes the JSON of logs, field by field.
 *
 * @param paths the names of each field, from the outermost group on; the fields of a group stand together
 */
export function lineWriter(paths: readonly (readonly string[])[]) {
  /** By the field before, -1 for none, and the field after. */
  const between = new Map<number, Between>();
  const textBetween = (before: number, after: number): Between => {
    const key = (before + 1) * paths.length + after;
    const known = between.get(key);
    if (known !== undefined) return known;
    const from = paths[before]?.slice(0, -1) ?? [];
    const to = paths[after] ?? [];
    let shared = 0;
    while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared += 1;
    const ends = '}'.repeat(from.length - shared);
    const begins = to.slice(shared, -1).map((name) => `${JSON.stringify(name)}:{`);
    const comma = before < 0 ? '' : ',';
    const text = `${ends}${comma}${begins.join('')}${JSON.stringify(to.at(-1) ?? '')}:`;
    between.set(key, text);
    return text;
  };
  return {
    /** @param jsonOf gives the JSON of a field, undefined if it is absent */
    write(jsonOf: (field: number) => string | undefined): string {
      let line = '{';
      let last = -1;
      for (let field = 0; field < paths.length; field++) {
        const json = jsonOf(field);
        if (json === undefined) continue;
        line += textBetween(last, field) + json;
        last = field;
      }
      return line + '}'.repeat(paths[last]?.length ?? 1);
    },
  };
}
