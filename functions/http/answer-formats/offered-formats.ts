import type { WindowFormat } from './answer-format.ts';
import { JSON_PAGES } from './json-pages.ts';

/** Formats that a caller can ask for with `Accept`. The first is sent where the caller has no preference. */
export type OfferedFormats<Format> = readonly [Format, ...Format[]];

/** Of the logs of a window. */
export const WINDOW_FORMATS: OfferedFormats<WindowFormat> = [JSON_PAGES];
