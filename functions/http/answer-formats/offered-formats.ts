import type { AnswerFormat } from './answer-format.ts';
import { JSON_PAGES } from './json-pages.ts';

/** Every format that a caller can ask for with `Accept`. The first is sent where the caller has no preference. */
export const OFFERED_FORMATS: readonly [AnswerFormat, ...AnswerFormat[]] = [JSON_PAGES];
