/**
 * The messages of a batch that a function has not processed, as Lambda reads its answer.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 *
 * @param payload the function's JSON answer
 * @param messageIds the batch
 * @returns their ids; all ids if the answer is malformed
 */
export function failedMessages(payload: string, messageIds: readonly string[]): ReadonlySet<string> {
  const everything = new Set(messageIds);
  let answer: unknown;
  try {
    answer = JSON.parse(payload);
  } catch {
    return everything;
  }
  if (answer === null) return new Set();
  const failures: unknown = (answer as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return everything;
  const ids = failures.map((failure) => failure?.itemIdentifier);
  return ids.every((id) => everything.has(id)) ? new Set(ids) : everything;
}
