// placeholder while the function is being written
export const handler = async (): Promise<{ batchItemFailures: [] }> => ({ batchItemFailures: [] });
