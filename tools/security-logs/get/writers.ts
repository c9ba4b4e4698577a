/** Writes lines, one log each, in the format of the output. */
export interface LogWriter {
  /** @param lines in parts of any length */
  write(lines: Buffer): Promise<void>;
  end(): Promise<void>;
}

type Write = (data: Buffer | string) => Promise<void>;

const NEWLINE = 0x0a;

/** Each format that can be asked for. */
export const writers = {
  ndjson: (write: Write): LogWriter => ({ write, end: async () => {} }),

  json(write: Write): LogWriter {
    // The line end after a log is written once it is known whether another log follows.
    let separator: string | undefined;
    let begun = false;
    const open = async (): Promise<void> => {
      if (!begun) await write('[');
      begun = true;
    };
    return {
      async write(lines) {
        if (lines.length === 0) return;
        await open();
        if (separator !== undefined) await write(separator);
        const endsLog = lines.at(-1) === NEWLINE;
        const text = (endsLog ? lines.subarray(0, -1) : lines).toString('latin1');
        await write(Buffer.from(text.replaceAll('\n', ',\n'), 'latin1'));
        separator = endsLog ? ',\n' : undefined;
      },
      async end() {
        await open();
        await write(']\n');
      },
    };
  },
} as const;
