/** An event as it was published, with what the bus adds. */
export interface PublishedEvent {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  /** The JSON the producer sent, as it was sent, and its value. */
  readonly detailJson: string;
  readonly detail: object;
  readonly account: string;
  readonly region: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly resources: readonly string[];
}

/**
 * The event as targets get it, and as its value for rules to match. The detail travels as it was sent, so that no
 * number in it changes.
 * https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 */
export function envelope(event: PublishedEvent): { body: string; value: object } {
  const fields = {
    version: '0',
    id: event.id,
    'detail-type': event.detailType,
    source: event.source,
    account: event.account,
    time: new Date(event.time).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: event.region,
    resources: event.resources,
  };
  return {
    body: `${JSON.stringify(fields).slice(0, -1)},"detail":${event.detailJson}}`,
    value: { ...fields, detail: event.detail },
  };
}
