import { explain, StoreUnavailable } from '../../shared/errors.ts';
import { acceptedCursor } from '../../shared/feed/cursor.ts';
import { InvalidCursor } from '../../shared/feed/feed-errors.ts';
import type { SlotName } from '../../shared/feed/feed-table.ts';
import type { FeedAnswer, FeedRequest, ReadFeed } from '../../shared/feed/read-feed.ts';
import { HttpError } from '../../shared/http-errors.ts';
import { logWriter } from '../../shared/log/formats/log-format.ts';
import type { OcsfUser } from '../../shared/log/formats/ocsf/authentication.ts';
import { type FeedQuery, parseFeedQuery } from '../../shared/query/feed-parameters.ts';
import { DEFAULT_OCSF_USER } from '../../shared/settings/ocsf-user.ts';
import { faultOf } from '../../shared/store/faults.ts';
import { SECOND } from '../../shared/time.ts';
import { FEED_FORMATS } from '../http/answer-formats/offered-formats.ts';
import { sendableBytes } from '../http/budget/budget.ts';
import { type Caller, readableApplications } from '../http/caller.ts';
import { type ContentEncoding, negotiateEncoding } from '../http/negotiate-encoding.ts';
import { negotiateFormat } from '../http/negotiate-format.ts';
import type { HttpRequest } from '../http/request.ts';
import { type HttpResponse, logsResponse, VARY } from '../http/responses.ts';
import { cutBody, writeChunks } from '../http/write-body.ts';
import { feedHeaders } from './feed-headers.ts';

export interface FeedDependencies {
  readonly readFeed: ReadFeed;
  /** Who the user of an authentication is in OCSF. Default: `label.rid`. */
  readonly ocsfUser?: OcsfUser;
  /** Asks somebody to resolve slots that hold the feed up. It never fails, and takes a second at most. */
  readonly askToResolve: (slots: readonly SlotName[]) => Promise<void>;
  /** Is told what a request asks for, before it is answered. */
  readonly onQuery?: (request: HttpRequest, query: FeedQuery) => void;
  /** Is told what was read for a request, before it is sent. */
  readonly onAnswer?: (request: HttpRequest, answer: FeedAnswer, mediaType: string) => void;
}

/** How long reading may go on after the request was received: with the sending, an answer takes some four seconds. */
const READING_MS = 2.5 * SECOND;
/** After this long, reading is given up: the store does not answer. */
const LONGEST_READING_MS = 4 * SECOND;
const SENDING_MS = 2 * SECOND;

/** How much JSON an answer may hold, bytes: as much as can be sent in time. */
const maxBytes = (encoding: ContentEncoding): number =>
  encoding === 'identity' ? sendableBytes(SENDING_MS) : MOST_COMPRESSED_BYTES;
/** Compressed, this is far less than can be sent. It bounds the memory, and the work of the compressor. */
const MOST_COMPRESSED_BYTES = 32_000_000;

/**
 * Answers `GET /api/security-logs/feed` (docs/contract.md#the-feed): it reads what comes after the caller's cursor, then
 * streams it. All errors of the store surface before the response starts. The parameters are checked first, then what
 * the caller accepts. `HEAD` does the same work, and has no body.
 */
export function feed({
  readFeed,
  ocsfUser = DEFAULT_OCSF_USER,
  askToResolve,
  onQuery,
  onAnswer,
}: FeedDependencies) {
  /** @param cut cuts the body when the time is up */
  return async (request: HttpRequest, caller: Caller, cut: AbortSignal): Promise<HttpResponse> => {
    const asked = parseFeedQuery(request.parameters);
    const query = { ...asked, applications: readableApplications(asked.applications, caller) };
    onQuery?.(request, query);
    const format = negotiateFormat(request.header('Accept'), FEED_FORMATS);
    const encoding = negotiateEncoding(request.header('Accept-Encoding'));

    const { start, limit, applications, matches } = query;
    const write = query.format && logWriter(query.format, ocsfUser);
    const bounds = { maxBytes: maxBytes(encoding), readUntil: request.receivedAt + READING_MS };
    const answer = await read({ start, limit, applications, matches, write, ...bounds }, request);
    await askToResolve(answer.unresolved);
    onAnswer?.(request, answer, format.mediaType);

    const { logs } = answer;
    const chunks = format.frame(logs.length, logs, answer);
    return logsResponse({
      results: logs.length,
      format,
      vary: VARY.byFormat,
      encoding,
      headers: feedHeaders(answer, request.url, query.kept),
      body: request.method === 'HEAD' ? '' : cutBody(writeChunks(chunks, encoding), cut),
    });
  };

  /** DynamoDB that fails or throttles, after the SDK's own attempts, is not available at the moment. */
  async function read(wanted: FeedRequest, { parameters }: HttpRequest): Promise<FeedAnswer> {
    const signal = AbortSignal.timeout(LONGEST_READING_MS);
    try {
      return await readFeed(wanted, signal);
    } catch (error) {
      if (error instanceof InvalidCursor) throw invalidCursor(parameters['cursor']?.[0]);
      if (signal.aborted) throw new StoreUnavailable('the feed could not be read in time', { cause: error });
      if (faultOf(error) !== 'ours')
        throw new StoreUnavailable('the feed could not be read', { cause: error });
      throw error;
    }
  }
}

const invalidCursor = (received = ''): HttpError =>
  new HttpError('invalid_cursor', explain('cursor', received, acceptedCursor(received)));
