/**
 * The sections of docs/runbook.md, by their anchors: each alarm leads to one of them, and each of them has an alarm in some
 * stack.
 */
export type RunbookSection =
  | 'a-dead-letter-queue-holds-messages'
  | 'events-were-rejected'
  | 'events-wait-to-be-stored'
  | 'logs-are-stored-late'
  | 'the-api-answers-with-5xx'
  | 'queries-are-too-large'
  | 'the-gateway-refuses-requests'
  | 'a-function-fails'
  | 'a-function-is-throttled'
  | 'a-function-is-near-its-concurrency-limit'
  | 'the-table-throttles'
  | 'a-slot-of-the-feed-stays-open'
  | 'open-slots-are-not-looked-for'
  | 'a-slot-of-the-feed-is-damaged'
  | 'logs-wait-to-be-delivered'
  | 'the-custom-service-does-not-take-a-log'
  | 'every-delivery-fails'
  | 'deliveries-stand-still'
  | 'a-log-expires-undelivered'
  | 'a-file-is-late'
  | 'the-archive-stands-still'
  | 'a-file-lacks-logs'
  | 'the-canary-is-stale'
  | 'a-consumer-is-silent'
  | 'logs-may-expire-unread';

/** @returns the description of an alarm: the sentence, and where it is said what to do */
export const withRunbook = (sentence: string, section: RunbookSection): string =>
  `${sentence} What to do: docs/runbook.md#${section}`;
