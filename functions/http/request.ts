import type { QueryParameters } from '../../shared/query/read-parameters.ts';

/** A request as the deciding functions see it, whatever received it. */
export interface HttpRequest {
  /** In capital letters, as HTTP has it. */
  readonly method: string;
  /** Every parameter of the query string, decoded, with all its values. */
  readonly parameters: QueryParameters;
  /** Where the request came to, without its query: an absolute URL. */
  readonly url: string | undefined;
  /** When the request was received, epoch milliseconds: the time its caller has waited counts from here. */
  readonly receivedAt: number;
  /** The id under which whoever received the request logs it. */
  readonly requestId: string | undefined;
  readonly sourceAddress: string | undefined;
  /**
   * The value of a header. Of several values the last counts.
   *
   * @param name in any case (RFC 9110, 5.1)
   */
  header(name: string): string | undefined;
}
