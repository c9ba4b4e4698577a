import { JSON_TYPE } from '../../../shared/media-types.ts';
import type { AnswerFormat } from './answer-format.ts';
import { inChunks } from './chunks.ts';
import { jsonObject } from './json-object.ts';

/** What an answer with deliveries says beside them. */
export interface DeliveriesEnd {
  /** The place after the answer; undefined if nothing comes after it. */
  readonly cursor: string | undefined;
}

/** One JSON object (docs/contract.md#deliveries). The cursor follows the deliveries, as in the feed. */
export const DELIVERIES_JSON: AnswerFormat<DeliveriesEnd> = {
  mediaType: JSON_TYPE,
  frame: (results, deliveries, { cursor }) =>
    inChunks(
      jsonObject('deliveries', results, deliveries, {
        has_more: cursor !== undefined,
        ...(cursor !== undefined && { next_cursor: cursor }),
      }),
    ),
};
