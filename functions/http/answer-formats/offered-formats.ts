import type { AnswerFormat, WindowFormat } from './answer-format.ts';
import { DELIVERIES_JSON, type DeliveriesEnd } from './deliveries-json.ts';
import { FEED_JSON, type FeedEnd } from './feed-json.ts';
import { JSON_PAGES } from './json-pages.ts';
import { NDJSON } from './ndjson.ts';
import { WINDOW_LINES } from './window-lines.ts';

/** Formats that a caller can ask for with `Accept`. The first is sent where the caller has no preference. */
export type OfferedFormats<Format> = readonly [Format, ...Format[]];

/** Of the logs of a window. */
export const WINDOW_FORMATS: OfferedFormats<WindowFormat> = [JSON_PAGES, WINDOW_LINES];

/** Of the feed. */
export const FEED_FORMATS: OfferedFormats<AnswerFormat<FeedEnd>> = [FEED_JSON, NDJSON];

/** Of deliveries. */
export const DELIVERY_FORMATS: OfferedFormats<AnswerFormat<DeliveriesEnd>> = [DELIVERIES_JSON, NDJSON];
