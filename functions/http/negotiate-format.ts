import Negotiator from 'negotiator';
import { explain } from '../../shared/errors.ts';
import { HttpError } from '../../shared/http-errors.ts';
import type { AnswerFormat } from './answer-formats/answer-format.ts';
import { OFFERED_FORMATS } from './answer-formats/offered-formats.ts';

/** The formats by media type, with and without its charset, because a caller may ask for either. */
const BY_MEDIA_TYPE: ReadonlyMap<string, AnswerFormat> = new Map(
  OFFERED_FORMATS.flatMap((format) => [
    [format.mediaType, format],
    [`${format.mediaType};charset=utf-8`, format],
  ]),
);

/** A weight that does not begin as a number does. */
const UNREADABLE_WEIGHT = /;\s*q\s*=\s*(?![\d.])/i;

/**
 * Chooses the format of an answer (RFC 9110, 12.5.1). A header that cannot be read counts as absent.
 *
 * @param accept the request's header, undefined if it has none
 * @throws HttpError 406 if the caller accepts none of the media types, and no range that has one of them
 */
export function negotiateFormat(accept: string | undefined): AnswerFormat {
  if (!accept?.includes('/') || UNREADABLE_WEIGHT.test(accept)) return OFFERED_FORMATS[0];
  const mediaType = new Negotiator({ headers: { accept } }).mediaType([...BY_MEDIA_TYPE.keys()]);
  const format = BY_MEDIA_TYPE.get(mediaType ?? '');
  if (format !== undefined) return format;
  const accepted = OFFERED_FORMATS.map((offered) => offered.mediaType).join(', ');
  throw new HttpError('not_acceptable', explain('Accept', accept, accepted));
}
