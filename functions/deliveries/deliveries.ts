import { deliveryId } from '../../shared/delivery/delivery-id.ts';
import { formatPosition } from '../../shared/delivery/delivery-position.ts';
import { deliveryState } from '../../shared/delivery/delivery-states.ts';
import type { StoredDelivery } from '../../shared/delivery/stored-delivery.ts';
import { StoreUnavailable } from '../../shared/errors.ts';
import { HttpError, SERVICE_ERRORS } from '../../shared/http-errors.ts';
import { type DeliveryQuery, parseDeliveryQuery } from '../../shared/query/delivery-parameters.ts';
import { type CollectedDeliveries, collectDeliveries } from '../../shared/store/collect-deliveries.ts';
import type { DeliveryReader } from '../../shared/store/delivery-reader.ts';
import { keyRanges } from '../../shared/store/log-key.ts';
import { SECOND } from '../../shared/time.ts';
import { DELIVERY_FORMATS } from '../http/answer-formats/offered-formats.ts';
import { type Caller, readableApplications } from '../http/caller.ts';
import { linkToNext } from '../http/link-to-next.ts';
import { negotiateEncoding } from '../http/negotiate-encoding.ts';
import { negotiateFormat } from '../http/negotiate-format.ts';
import type { HttpRequest } from '../http/request.ts';
import { type HttpResponse, logsResponse, VARY } from '../http/responses.ts';
import { cutBody, writeChunks } from '../http/write-body.ts';
import { deliveryJson } from './delivery-json.ts';

export interface DeliveriesDependencies {
  readonly read: DeliveryReader;
  /** Whether there is a custom service that logs are delivered to. */
  readonly hasCustomService: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Is told what a request asks for, before it is answered. */
  readonly onQuery?: (request: HttpRequest, query: DeliveryQuery) => void;
}

/** How long reading may go on after the request was received: with the sending, an answer takes some four seconds. */
const READING_MS = 2.5 * SECOND;
/** After this long, reading is given up: the store does not answer. */
const LONGEST_READING_MS = 4 * SECOND;

/**
 * Answers `GET /api/security-logs/deliveries` (docs/contract.md#deliveries): it reads what is known of deliveries, then
 * streams it. All errors of the store surface before the response starts. `HEAD` does the same work, and has no body.
 */
export function deliveries({ read, hasCustomService, now, onQuery }: DeliveriesDependencies) {
  /** @param cut cuts the body when the time is up */
  return async (request: HttpRequest, caller: Caller, cut: AbortSignal): Promise<HttpResponse> => {
    if (!hasCustomService) throw new HttpError('no_custom_service', SERVICE_ERRORS.no_custom_service.message);
    const given = parseDeliveryQuery(request.parameters);
    const query = { ...given, applications: readableApplications(given.applications, caller) };
    onQuery?.(request, query);
    const format = negotiateFormat(request.header('Accept'), DELIVERY_FORMATS);
    const encoding = negotiateEncoding(request.header('Accept-Encoding'));

    const asked = now();
    const { deliveries: found, next } = await collect(query, asked, request);
    const cursor = next && formatPosition(next);
    const chunks = format.frame(found.length, written(found, asked), { cursor });
    return logsResponse({
      results: found.length,
      format,
      vary: VARY.byFormat,
      encoding,
      headers: headersOf(cursor, request.url, query.kept),
      body: request.method === 'HEAD' ? '' : cutBody(writeChunks(chunks, encoding), cut),
    });
  };

  async function collect(
    query: DeliveryQuery,
    asked: number,
    { receivedAt }: HttpRequest,
  ): Promise<CollectedDeliveries> {
    const signal = AbortSignal.timeout(LONGEST_READING_MS);
    try {
      return await collectDeliveries(read(query, asked, signal), {
        ranges: keyRanges(query.window, query.applications),
        after: query.after,
        limit: query.limit,
        isWanted: (delivery) => isWanted(delivery, query, asked),
        hasTime: () => now() < receivedAt + READING_MS,
      });
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new StoreUnavailable('the deliveries could not be read in time', { cause: error });
    }
  }
}

/** Whether a delivery is shown. Of a log whose lifetime has ended, only what is not delivered is. */
function isWanted(delivery: StoredDelivery, { states, rid, id }: DeliveryQuery, now: number): boolean {
  const hasEnded = delivery.readableUntil <= now;
  const state = deliveryState(delivery.record, hasEnded);
  if (hasEnded && (state === 'delivered' || rid !== undefined)) return false;
  return (states?.has(state) ?? true) && (id === undefined || deliveryId(delivery.key) === id);
}

function* written(found: readonly StoredDelivery[], now: number): Generator<Buffer> {
  for (const delivery of found) yield deliveryJson(delivery, now);
}

/** The headers that only this answer has. */
const headersOf = (
  cursor: string | undefined,
  url: string | undefined,
  kept: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => ({
  ...(cursor !== undefined && { 'Next-Cursor': cursor }),
  ...(cursor !== undefined && url !== undefined && { Link: linkToNext(url, { ...kept, cursor }) }),
});
