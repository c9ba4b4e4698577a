/**
 * Cuts a body of lines (docs/contract.md#reading-logs) into its lines, as it comes.
 *
 * @param onLine is given each whole line without its line feed; empty lines are passed over
 */
export function lineSplitter(onLine: (line: string) => void) {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  const take = (text: string): void => {
    let from = 0;
    for (;;) {
      const end = text.indexOf('\n', from);
      if (end < 0) break;
      const line = from === 0 ? rest + text.slice(0, end) : text.slice(from, end);
      if (from === 0) rest = '';
      if (line !== '') onLine(line);
      from = end + 1;
    }
    rest = from === 0 ? rest + text : text.slice(from);
  };
  return {
    /** @throws TypeError if the bytes are not UTF-8 */
    write: (bytes: Uint8Array): void => take(decoder.decode(bytes, { stream: true })),
    /** @throws Error if the body ends within a line */
    end(): void {
      take(decoder.decode());
      if (rest !== '') throw new Error('the answer ends within a line');
    },
  };
}
