import { Transform } from 'node:stream';

const NEWLINE = '\n'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);

/** Makes an array of lines of JSON, and counts them. */
export function arrayOfLines(onLine: () => void): Transform {
  let lead = '[';
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const text = Buffer.concat([Buffer.from(lead), chunk]);
      for (let at = text.indexOf(NEWLINE); at >= 0; at = text.indexOf(NEWLINE, at + 1)) {
        text[at] = COMMA;
        onLine();
      }
      // The last comma waits until it is known whether anything follows.
      const open = text.at(-1) === COMMA;
      lead = open ? ',' : '';
      done(null, open ? text.subarray(0, -1) : text);
    },
    flush(done) {
      done(null, lead === '[' ? '[]' : ']');
    },
  });
}
