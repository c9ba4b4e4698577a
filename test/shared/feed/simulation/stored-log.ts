import type { Application } from '../../../../shared/event/bus-events.ts';
import { HOUR } from '../../../../shared/time.ts';

/** A log that has been stored, whatever became of it. */
export interface StoredLog {
  readonly id: string;
  readonly application: Application;
  /** Epoch milliseconds, here and below. */
  readonly createdAt: number;
  readonly readableUntil: number;
  readonly slot: string;
}

/** Until when a log can be read, epoch milliseconds. */
export const readableUntil = (
  { createdAt, readableUntil: until }: StoredLog,
  retentionHours: number,
): number => Math.min(until, createdAt + retentionHours * HOUR);

/** Names a log in what a consumer takes: a copy that is stored after the log has expired is another log. */
export const logName = (id: string, createdAt: number): string => `${id}@${createdAt}`;
