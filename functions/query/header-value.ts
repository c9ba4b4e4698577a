/**
 * The value of a request's header, whose name reaches the function in any case (RFC 9110, 5.1).
 *
 * @param name in lower case
 */
export function headerValue(
  headers: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  const given = Object.keys(headers).find((header) => header.toLowerCase() === name);
  return given === undefined ? undefined : headers[given];
}
