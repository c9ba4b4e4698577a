import Negotiator from 'negotiator';
import { explain } from '../../shared/errors.ts';
import { HttpError } from '../../shared/http-errors.ts';
import type { OfferedFormats } from './answer-formats/offered-formats.ts';

/** A weight that does not begin as a number does. */
const UNREADABLE_WEIGHT = /;\s*q\s*=\s*(?![\d.])/i;

/**
 * Chooses the format of an answer (RFC 9110, 12.5.1). A header that cannot be read counts as absent.
 *
 * @param accept the request's header, undefined if it has none
 * @throws HttpError 406 if the caller accepts none of the media types, and no range that has one of them
 */
export function negotiateFormat<Format extends { readonly mediaType: string }>(
  accept: string | undefined,
  offered: OfferedFormats<Format>,
): Format {
  if (!accept?.includes('/') || UNREADABLE_WEIGHT.test(accept)) return offered[0];
  const byMediaType = formatsByMediaType(offered);
  const mediaType = new Negotiator({ headers: { accept } }).mediaType([...byMediaType.keys()]);
  const format = byMediaType.get(mediaType ?? '');
  if (format !== undefined) return format;
  const accepted = offered.map((each) => each.mediaType).join(', ');
  throw new HttpError('not_acceptable', explain('Accept', accept, accepted));
}

/** With and without the charset, because a caller may ask for either. */
const formatsByMediaType = <Format extends { readonly mediaType: string }>(
  offered: OfferedFormats<Format>,
): ReadonlyMap<string, Format> =>
  new Map(
    offered.flatMap((format) => [
      [format.mediaType, format],
      [`${format.mediaType};charset=utf-8`, format],
    ]),
  );
