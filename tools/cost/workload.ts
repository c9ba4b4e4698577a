import { BATCHING_WINDOW, FIRST_POLLS } from './assumed.ts';
import { type Encoding, MOST_IN_BATCH } from './measured.ts';

/** What a deployment has to do. */
export interface Workload {
  readonly eventsPerDay: number;
  /** Requests of `get-security-logs`. */
  readonly queriesPerDay: number;
  /** How many minutes of logs a query asks for. */
  readonly windowMinutes: number;
  /** Requests of the feed. The consumer follows it, so each log is sent once. */
  readonly feedPollsPerDay: number;
  /** Bytes of an event on the bus. */
  readonly eventBytes: number;
  readonly encoding: Encoding;
  /** How many hours of a day the events come in, evenly. */
  readonly hoursPerDay: number;
  /** Logs in a batch of ingest. */
  readonly batch: number;
  /** How long a log can be read. */
  readonly retentionHours: number;
  readonly days: number;
  /** Whether each stored log is announced on the bus. */
  readonly announcements: boolean;
  /** Whether each stored log is handed to a custom service. */
  readonly customService: boolean;
  /** How many days of events the archive keeps; 0 for no archive. */
  readonly archiveDays: number;
  /** Minutes between two runs of the canary; 0 for no canary. */
  readonly canaryMinutes: number;
}

/**
 * How many events a batch has on average: one opens it, and others join it for a second. Five batches share what comes.
 *
 * @param eventsPerSecond while events come
 */
export const likelyBatch = (eventsPerSecond: number): number =>
  Math.min(MOST_IN_BATCH, 1 + (eventsPerSecond * BATCHING_WINDOW) / FIRST_POLLS);
