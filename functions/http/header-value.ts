/**
 * The value of a request's header, whose name reaches the function in any case (RFC 9110, 5.1). Of several the last
 * counts: of one name, the gateway gives the last value; of one name in several cases, the last of these is taken.
 *
 * @param name in lower case
 */
export function headerValue(
  headers: Readonly<Record<string, string | undefined>>,
  name: string,
): string | undefined {
  const given = Object.keys(headers).findLast((header) => header.toLowerCase() === name);
  return given === undefined ? undefined : headers[given];
}
