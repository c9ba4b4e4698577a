/** A link to the next answer (RFC 8288), as the value of the header `Link`. */
export const linkToNext = (url: string, parameters: Readonly<Record<string, string>>): string =>
  `<${url}?${new URLSearchParams(parameters)}>; rel="next"`;
