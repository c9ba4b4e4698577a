/** What every document in XML begins with. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Writes an element for each member, with its value as text. */
export const elements = (all: Readonly<Record<string, unknown>>): string =>
  Object.entries(all)
    .map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`)
    .join('');

/** Control characters as well, because a name may hold any. */
const escaped = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  text.replace(/[<>&"\u0000-\u001f]/g, (character) => `&#${character.charCodeAt(0)};`);
