/** What the cost and the simulation of ingest (bench/scaling/) take from the stack and from AWS, and what they assume. */

/** Memory of the functions, MB (infra/). */
export const MEMORY = { ingest: 1024, query: 1792, feed: 1024, deliver: 512, canary: 512 };

/** The batching window of the ingest queue, seconds (infra/ingest.ts). */
export const BATCHING_WINDOW = 1;

/** With how many batches at once Lambda polls a queue at first: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
export const FIRST_POLLS = 5;

/** Assumed: a request to DynamoDB or EventBridge and back, seconds. */
export const ROUND_TRIP = 0.006;
