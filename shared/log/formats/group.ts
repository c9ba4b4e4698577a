/** @returns the group itself, or undefined if all of its fields are */
export const group = <T extends object>(fields: T): T | undefined =>
  Object.values(fields).some((value) => value !== undefined) ? fields : undefined;
