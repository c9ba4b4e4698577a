import * as z from 'zod/mini';
import type { Handler } from '../emulator/lambda/invocables.ts';
import { type ReceivedLog, readLog } from './received-log.ts';

const fileSchema = z.object({ fileName: z.string(), content: z.string() });

/**
 * What answers in place of a function that is not here: it tells of what it is given, and returns null.
 */
export const printingFunction =
  (arn: string, onReceived: (received: ReceivedLog) => void): Handler =>
  (event) => {
    const file = fileSchema.safeParse(event).data;
    onReceived({
      method: `Invoke ${arn}`,
      ...(file && { fileName: file.fileName }),
      ...readLog(file?.content ?? JSON.stringify(event)),
    });
    return null;
  };
