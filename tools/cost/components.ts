import type { PriceName } from './prices.ts';

/** How much of something is bought. */
export interface Component {
  readonly name: string;
  readonly price: PriceName;
  readonly quantity: number;
}

/** Megabytes as AWS bills and limits them here are not told apart from MiB: 5 % of a small part of the bill. */
export const MB = 1e6;
export const GB = 1e9;
/** EventBridge and SQS bill each started 64 KB. */
const CHUNK = 64 * 1024;
/** API Gateway bills each started 10 MB of a streamed answer as a request (docs/cost.md#answers). */
const BILLED_ANSWER = 10 * MB;
/** Lambda streams so much of an answer without a charge, and at full speed (docs/performance.md#the-limits). */
const FREE_STREAM = 6 * MB;
const STREAM_BYTES_A_SECOND = 2 * MB;
/** SQS gives ten messages in one request, and takes ten deletions. */
const MESSAGES_A_REQUEST = 10;

export const chunks = (bytes: number): number => Math.max(1, Math.ceil(bytes / CHUNK));

/** What CloudWatch stores of an invocation: Lambda's three lines, the function's own, and metrics. An assumption. */
const LOG_BYTES_AN_INVOCATION = 1000;

export interface Calls {
  readonly count: number;
  /** Of one invocation. */
  readonly seconds: number;
  /** MB. */
  readonly memory: number;
}

/** The parts of the bill of a function. */
export const invocations = (name: string, { count, seconds, memory }: Calls): Component[] => [
  { name: `${name}: invocations`, price: 'invocation', quantity: count },
  { name: `${name}: duration`, price: 'gbSecond', quantity: (count * seconds * memory) / 1024 },
  { name: `${name}: logs`, price: 'logGb', quantity: (count * LOG_BYTES_AN_INVOCATION) / GB },
];

/** Lambda CPU scales with memory: 1,792 MB is one vCPU (docs/performance.md#choosing-memory-and-shards). */
export const cpuSeconds = (microseconds: number, memory: number): number =>
  (microseconds / 1e6) * Math.max(1, 1792 / memory);

export interface Answers {
  readonly count: number;
  /** That one answer sends. */
  readonly bytes: number;
}

/** What sending costs, the functions aside. */
export const sentAnswers = (name: string, { count, bytes }: Answers): Component[] => [
  {
    name: `${name}: API Gateway`,
    price: 'apiRequest',
    quantity: count * Math.max(1, Math.ceil(bytes / BILLED_ANSWER)),
  },
  {
    name: `${name}: Lambda's streams`,
    price: 'streamedGb',
    quantity: (count * Math.max(0, bytes - FREE_STREAM)) / GB,
  },
  { name: `${name}: data sent`, price: 'sentGb', quantity: (count * bytes) / GB },
];

/** Seconds that Lambda takes to stream so much at the least. */
export const streamSeconds = (bytes: number): number =>
  Math.max(0, bytes - FREE_STREAM) / STREAM_BYTES_A_SECOND;

/** What a queue costs: each message is sent alone, and received and deleted with others of its batch. */
export const queue = (name: string, messages: number, bytes: number, batch: number): Component => {
  const together = Math.min(MESSAGES_A_REQUEST, Math.max(1, batch));
  const receive = chunks(bytes * together) / together;
  return {
    name,
    price: 'queueRequest',
    quantity: messages * (chunks(bytes) + receive + 1 / together),
  };
};
