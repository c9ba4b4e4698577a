import { Readable, type Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import {
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  deflateRawSync,
  inflateRawSync,
  constants as zlib,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import { JSON_PAGES } from '../functions/http/answer-formats/json-pages.ts';
import { compressBody } from '../functions/http/compress-body.ts';
import dictionary1 from '../shared/log/dictionaries/dictionary-1.ts';
import dictionary2 from '../shared/log/dictionaries/dictionary-2.ts';
import { decodeDocument, encodeDocument } from '../shared/log/document-codec.ts';
import { packUuids } from '../shared/log/uuid-packing.ts';
import { type ZstdSearch, zstdFrames } from '../shared/log/zstd-frames.ts';
import { benchLogs } from './data.ts';
import { formatTable, type Row } from './table.ts';

/**
 * What led to how a document is kept (shared/log/document-codec.ts) and to the levels of an answer (functions/http/compress-body.ts):
 * each way on the same logs, in one process, in turns.
 */

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '4' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log('Usage: node bench/levels.ts [--count N] [--rounds N]   (default 20000 logs, 4 rounds)');
  process.exit(0);
}
const jsons = [...benchLogs(Number(values.count))].map(({ log }) => JSON.stringify(log));
const rounds = Number(values.rounds);

interface Way {
  readonly name: string;
  /** Does it once, and gives the bytes that it made. */
  readonly run: () => Promise<number> | number;
}

/** Bytes and the least CPU of all rounds, for a log. */
async function compare(ways: readonly Way[]): Promise<Map<string, { bytes: number; us: number }>> {
  const found = new Map<string, { bytes: number; us: number }>();
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`round ${round + 1} of ${rounds}, ${ways.length} ways\n`);
    for (const { name, run } of ways) {
      const before = process.cpuUsage();
      const bytes = (await run()) / jsons.length;
      const { user, system } = process.cpuUsage(before);
      const us = Math.min((user + system) / jsons.length, found.get(name)?.us ?? Number.POSITIVE_INFINITY);
      found.set(name, { bytes, us });
    }
  }
  return found;
}

const total = (pieces: Iterable<{ length: number }>): number => {
  let sum = 0;
  for (const { length } of pieces) sum += length;
  return sum;
};
const bytesOf = async (stream: Readable): Promise<number> => (await buffer(stream)).length;
const uuidBytes = (json: string): number => packUuids(json).uuids.length;

interface Codec {
  readonly encode: (json: string) => Buffer;
  readonly decode: (encoded: Buffer) => Buffer;
  /** Bytes kept beside what `encode` gives. */
  readonly beside?: (json: string) => number;
}

const plainZstd = {
  [zlib.ZSTD_c_compressionLevel]: 9,
  [zlib.ZSTD_c_contentSizeFlag]: 0,
  [zlib.ZSTD_c_dictIDFlag]: 0,
};
const frames = zstdFrames(dictionary2, { strategy: 'greedy', minMatch: 5, searchLog: 4 });
const CODECS: Readonly<Record<string, Codec>> = {
  'deflate, no dictionary': {
    encode: (json) => deflateRawSync(json),
    decode: (bytes) => inflateRawSync(bytes),
  },
  'deflate, dictionary 1 (version 1)': {
    encode: (json) => deflateRawSync(json, { dictionary: dictionary1 }),
    decode: (bytes) => inflateRawSync(bytes, { dictionary: dictionary1 }),
  },
  'zstd, dictionary 1 as raw content': {
    encode: (json) => zstdCompressSync(json, { dictionary: dictionary1, params: plainZstd }),
    decode: (bytes) => zstdDecompressSync(bytes, { dictionary: dictionary1 }),
  },
  'zstd, dictionary 2, one-shot, UUIDs aside': {
    encode: (json) => zstdCompressSync(packUuids(json).text, { dictionary: dictionary2, params: plainZstd }),
    decode: (bytes) => zstdDecompressSync(bytes, { dictionary: dictionary2 }),
    beside: uuidBytes,
  },
  'the same with one context, UUIDs not put back': {
    encode: (json) => frames.compress(packUuids(json).text),
    decode: (bytes) => frames.decompress(bytes),
    beside: uuidBytes,
  },
  'version 2, as documents are kept': {
    encode: (json) => encodeDocument(json),
    decode: decodeDocument,
  },
};

async function documents(): Promise<Row[]> {
  const ways = Object.entries(CODECS).flatMap(([name, { encode, decode }]): Way[] => {
    const encoded = jsons.map(encode);
    return [
      { name: `${name} encode`, run: () => total(jsons.map(encode)) },
      { name: `${name} decode`, run: () => total(encoded.map(decode)) },
    ];
  });
  const found = await compare(ways);
  return Object.entries(CODECS).map(([name, { beside = () => 0 }]) => ({
    'a document': name,
    bytes:
      (found.get(`${name} encode`)?.bytes ?? 0) +
      jsons.reduce((sum, json) => sum + beside(json), 0) / jsons.length,
    'encode us': found.get(`${name} encode`)?.us ?? 0,
    'decode us': found.get(`${name} decode`)?.us ?? 0,
  }));
}

const SEARCHES: readonly ZstdSearch[] = [
  { strategy: 'greedy', minMatch: 4, searchLog: 3 },
  { strategy: 'greedy', minMatch: 5, searchLog: 4 },
  { strategy: 'lazy', minMatch: 4, searchLog: 3 },
  { strategy: 'lazy', minMatch: 6, searchLog: 3 },
  { strategy: 'lazy2', minMatch: 5, searchLog: 4 },
];
const LOGS_OF_INTENT = 100;

/** The encoder's search, on the texts without UUIDs: of a document, and of an intent's logs together. */
async function searches(): Promise<Row[]> {
  const texts = jsons.map((json) => packUuids(json).text);
  const joined = Array.from({ length: Math.floor(texts.length / LOGS_OF_INTENT) }, (_, i) =>
    texts.slice(i * LOGS_OF_INTENT, (i + 1) * LOGS_OF_INTENT).join(''),
  );
  const name = ({ strategy, minMatch, searchLog }: ZstdSearch): string =>
    `${strategy}, match of ${minMatch}, ${2 ** searchLog} candidates`;
  const ways = SEARCHES.flatMap((search): Way[] => {
    const { compress } = zstdFrames(dictionary2, search);
    return [
      { name: `${name(search)} document`, run: () => total(texts.map((text) => compress(text))) },
      { name: `${name(search)} intent`, run: () => total(joined.map((text) => compress(text))) },
    ];
  });
  const found = await compare(ways);
  return SEARCHES.map((search) => {
    const [document, intent] = [found.get(`${name(search)} document`), found.get(`${name(search)} intent`)];
    return {
      'zstd, dictionary 2': name(search),
      'bytes of a document': document?.bytes ?? 0,
      'us of a document': document?.us ?? 0,
      'bytes of a log in an intent': intent?.bytes ?? 0,
      'us of a log in an intent': intent?.us ?? 0,
    };
  });
}

const CHUNK = { chunkSize: 64 * 1024 };
const gzip = (level: number) => () => createGzip({ ...CHUNK, level, memLevel: 9 });
const brotli = (quality: number) => () =>
  createBrotliCompress({
    ...CHUNK,
    params: { [zlib.BROTLI_PARAM_QUALITY]: quality, [zlib.BROTLI_PARAM_LGWIN]: 24 },
  });
const zstd =
  (level: number, more: Record<number, number> = {}) =>
  () =>
    createZstdCompress({ ...CHUNK, params: { [zlib.ZSTD_c_compressionLevel]: level, ...more } });
const window8 = { [zlib.ZSTD_c_windowLog]: 23 };
const ENCODERS: Readonly<Record<string, () => Transform>> = {
  'gzip 1': gzip(1),
  'gzip 4': gzip(4),
  'brotli 3': brotli(3),
  'brotli 4': brotli(4),
  'zstd 1': zstd(1),
  'zstd 3': zstd(3),
  'zstd 9': zstd(9),
  'zstd 3, 8 MB window, match of 7': zstd(3, { ...window8, [zlib.ZSTD_c_minMatch]: 7 }),
  'zstd 6, 8 MB window, match of 6': zstd(6, { ...window8, [zlib.ZSTD_c_minMatch]: 6 }),
};

async function answers(): Promise<Row[]> {
  const chunks = [
    ...JSON_PAGES.frame(
      jsons.length,
      jsons.map((json) => Buffer.from(json)),
    ),
  ];
  const body = (): Readable => Readable.from(chunks, { objectMode: false });
  const sent = (['gzip', 'br', 'zstd'] as const).map(
    (encoding): Way => ({
      name: `${encoding}, as it is sent`,
      run: () => bytesOf(compressBody(body(), encoding)),
    }),
  );
  const others = Object.entries(ENCODERS).map(
    ([name, create]): Way => ({ name, run: () => bytesOf(body().compose(create())) }),
  );
  const found = await compare([...sent, ...others]);
  const plain = total(chunks) / jsons.length;
  return [...found].map(([name, { bytes, us }]) => ({
    'an answer': name,
    'bytes a log': bytes,
    smaller: plain / bytes,
    'CPU us a log': us,
  }));
}

for (const table of [documents, searches, answers]) console.log(`${formatTable(await table())}\n`);
