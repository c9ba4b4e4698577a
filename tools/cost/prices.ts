/** The list prices that `npm run cost` assumes: us-east-1, US dollars, first tier, without free tiers (docs/cost.md#prices). */

export interface Price {
  readonly dollars: number;
  /** What `dollars` buys: so many units, with their name. */
  readonly per: number;
  readonly unit: string;
  /** The page that has it. */
  readonly source: string;
}

const AWS = 'https://aws.amazon.com';

const price = (dollars: number, per: number, unit: string, source: string): Price => ({
  dollars,
  per,
  unit,
  source,
});

export const PRICES = {
  busEvent: price(1, 1e6, 'events of 64 KB', `${AWS}/eventbridge/pricing/`),
  archivedGb: price(0.1, 1, 'GB archived', `${AWS}/eventbridge/pricing/`),
  archiveGbMonth: price(0.023, 1, 'GB-month', `${AWS}/eventbridge/pricing/`),
  queueRequest: price(0.4, 1e6, 'requests of 64 KB', `${AWS}/sqs/pricing/`),
  invocation: price(0.2, 1e6, 'invocations', `${AWS}/lambda/pricing/`),
  gbSecond: price(13.3334, 1e6, 'GB-seconds (Arm)', `${AWS}/lambda/pricing/`),
  streamedGb: price(0.008, 1, 'GB after the first 6 MB', `${AWS}/lambda/pricing/`),
  writeUnit: price(0.625, 1e6, 'write units', `${AWS}/dynamodb/pricing/on-demand/`),
  readUnit: price(0.125, 1e6, 'read units', `${AWS}/dynamodb/pricing/on-demand/`),
  tableGbMonth: price(0.25, 1, 'GB-month', `${AWS}/dynamodb/pricing/on-demand/`),
  apiRequest: price(3.5, 1e6, 'started 10 MB of answers', `${AWS}/api-gateway/pricing/`),
  sentGb: price(0.09, 1, 'GB to the internet', `${AWS}/ec2/pricing/on-demand/`),
  logGb: price(0.5, 1, 'GB of function logs', `${AWS}/cloudwatch/pricing/`),
  metric: price(0.3, 1, 'metric', `${AWS}/cloudwatch/pricing/`),
  alarm: price(0.1, 1, 'alarm', `${AWS}/cloudwatch/pricing/`),
  secret: price(0.4, 1, 'secret', `${AWS}/secrets-manager/pricing/`),
  secretRequest: price(0.05, 1e4, 'requests for a secret', `${AWS}/secrets-manager/pricing/`),
  keyRequest: price(0.03, 1e4, 'requests to KMS', `${AWS}/kms/pricing/`),
  streamHour: price(0.04, 1, 'hour of a stream', `${AWS}/kinesis/data-streams/pricing/`),
  streamGbIn: price(0.08, 1, 'GB into the stream', `${AWS}/kinesis/data-streams/pricing/`),
  streamGbOut: price(0.04, 1, 'GB out of the stream', `${AWS}/kinesis/data-streams/pricing/`),
  firehoseGb: price(0.029, 1, 'GB, each record rounded up to 5 KB', `${AWS}/firehose/pricing/`),
  objectGbMonth: price(0.023, 1, 'GB-month', `${AWS}/s3/pricing/`),
  objectPut: price(0.005, 1e3, 'objects written', `${AWS}/s3/pricing/`),
  siemGb: price(
    2.46,
    1,
    'GB ingested by the SIEM',
    'https://www.redresscompliance.com/microsoft-sentinel-licensing-pricing.html',
  ),
} satisfies Record<string, Price>;

export type PriceName = keyof typeof PRICES;
export type Prices = Readonly<Record<PriceName, Price>>;

export const PRICE_NAMES = Object.keys(PRICES) as PriceName[];

/** The prices with other dollars for some of them, as in another region. */
export const pricesWith = (dollars: Partial<Record<PriceName, number>>): Prices =>
  Object.fromEntries(
    PRICE_NAMES.map((name) => [name, { ...PRICES[name], dollars: dollars[name] ?? PRICES[name].dollars }]),
  ) as Record<PriceName, Price>;
