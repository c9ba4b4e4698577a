/** @returns the group itself, or undefined if all of its fields are */
export function group<T extends object>(fields: T): T | undefined {
  for (const name in fields) if (fields[name] !== undefined) return fields;
  return undefined;
}
