/** Writes a text as one word of a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * @param windowsUrl the address of `get-security-logs`
 * @param parameters of the request
 * @returns a command that asks the API for logs; the key comes from a variable and never stands in the command
 */
export function curlCommand(windowsUrl: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(windowsUrl);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return `curl -s --compressed -H "apiKey: $EASYSEND_SECURITY_LOGS_API_KEY" -H 'Accept: application/x-ndjson' ${quoted(url.href)}`;
}
