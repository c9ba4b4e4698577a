/** What `PutEvents` takes and answers, as far as publishing needs it. */

export interface BusEntry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  /** A JSON object. */
  readonly Detail: string;
}

/** The bus took the entry if there is no `ErrorCode`. */
export interface BusResult {
  readonly EventId?: string | undefined;
  readonly ErrorCode?: string | undefined;
  readonly ErrorMessage?: string | undefined;
}

/** Sends one `PutEvents`. The results are in the order of the entries. */
export type PutEvents = (
  entries: BusEntry[],
  signal?: AbortSignal,
) => Promise<{ readonly Entries?: readonly BusResult[] | undefined }>;
