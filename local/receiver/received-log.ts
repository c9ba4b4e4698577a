import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import * as z from 'zod/mini';
import { type Compression, EXTENSIONS } from '../../shared/archive/compressions.ts';
import { parseJson } from '../../shared/parse-json.ts';

/** A log as the custom service was given it, for a person to see. */
export interface ReceivedLog {
  /** How it came: `POST`, `PutObject`, or `Invoke` and the name of the function. */
  readonly method: string;
  /** Of a log that came as a file; without it, the log came as a text. */
  readonly fileName?: string;
  /** `event.action`, if it is a log at all. */
  readonly action: string | undefined;
  /** `label.rid`, by which the samples are found again. */
  readonly rid: string | undefined;
  /** By which copies can be told. */
  readonly id?: string;
  /** Of a request that has to be signed: whether it is. */
  readonly signed?: boolean;
}

const logSchema = z.object({
  event: z.object({ action: z.string() }),
  label: z.optional(z.object({ rid: z.optional(z.string()) })),
});

export function readLog(json: string): Pick<ReceivedLog, 'action' | 'rid'> {
  const log = logSchema.safeParse(parseJson(json)).data;
  return { action: log?.event.action, rid: log?.label?.rid };
}

/** The logs of a file: one, or a line each. */
export function receivedObject(bucket: string, key: string, content: Buffer): ReceivedLog[] {
  const decompress = DECOMPRESSORS.find(([ending]) => key.endsWith(ending))?.[1];
  const logs = decompress ? decompress(content).toString().split('\n').slice(0, -1) : [content.toString()];
  return logs.map((log) => ({ method: 'PutObject', fileName: `s3://${bucket}/${key}`, ...readLog(log) }));
}

const DECOMPRESS: Readonly<Record<Compression, (content: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
};
/** By the ending of a file of many logs. */
const DECOMPRESSORS = Object.entries(DECOMPRESS).map(
  ([name, decompress]) => [`.ndjson.${EXTENSIONS[name as Compression]}`, decompress] as const,
);

export function describeReceived({ method, fileName, action, id, signed }: ReceivedLog): string {
  const signature = signed === undefined ? undefined : `signature ${signed ? 'ok' : 'NOT OK'}`;
  const what = fileName === undefined ? 'text' : `file ${fileName}`;
  return [method, what, action ?? 'not a log', id, signature].filter((part) => part).join('  ');
}
