/**
 * The limits of EventBridge and SQS. AWS writes "1 MB" for EventBridge and "1 MiB (1,048,576 bytes)" for SQS.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 * @see https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb
 */

/** Entries of one `PutEvents`. */
export const MAX_ENTRIES = 10;

/** The deepest nesting of objects and arrays that `PutEvents` accepts. Inclusive. */
export const MAX_NESTING = 1000;

/**
 * The largest `Detail` that is safe to publish: 960 KiB. Bytes, inclusive.
 *
 * EventBridge limits the entry, but SQS limits the whole message: the envelope around the detail, and in a dead-letter
 * queue the attributes with the reason. A larger entry may be accepted and then lost. The margin is 65,536 bytes, or
 * 16,960 if the 1 MB of EventBridge is a million bytes. An envelope takes about 230 bytes and the texts of its `Source`,
 * `DetailType` and `Resources`; the attributes take less than 2 KB.
 */
export const SAFE_DETAIL_BYTES = 960 * 1024;

/**
 * The entries of one `PutEvents` together, bytes, inclusive. AWS limits them to "1 MB": this is within the limit however
 * AWS counts, and any single entry with a safe detail fits.
 */
export const MAX_BATCH_BYTES = 1_000_000;

/** The parts of an entry that count. */
interface CountedEntry {
  readonly Source?: string | undefined;
  readonly DetailType?: string | undefined;
  readonly Detail?: string | undefined;
}

/**
 * The size of an entry as `PutEvents` counts it, bytes.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 */
export const entryBytes = ({ Source = '', DetailType = '', Detail = '' }: CountedEntry): number =>
  Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
