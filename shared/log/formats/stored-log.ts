/** A log, and what the store keeps of it beside its JSON. */
export interface StoredLog {
  /** `event.id`. */
  readonly id: string;
  /** The canonical JSON of the log, in UTF-8. */
  readonly json: Buffer;
  /** When it was stored, epoch milliseconds. */
  readonly createdAt: number;
}
