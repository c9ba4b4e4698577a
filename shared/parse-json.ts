/** @returns the value of a JSON text, or undefined (which no JSON text has) if it is none */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
