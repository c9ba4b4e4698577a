/**
 * The messages of a batch that a function has not processed, as Lambda reads its answer.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 *
 * @returns their ids; all ids if the answer is malformed
 */
export function failedMessages(payload: string, messageIds: readonly string[]): ReadonlySet<string> {
  const everything = new Set(messageIds);
  try {
    const failures: { itemIdentifier: string }[] = JSON.parse(payload)?.batchItemFailures ?? [];
    const ids = failures.map(({ itemIdentifier }) => itemIdentifier);
    return ids.every((id) => everything.has(id)) ? new Set(ids) : everything;
  } catch {
    return everything;
  }
}
