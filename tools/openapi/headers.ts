import { ANSWER_HEADERS, type AnswerHeader } from '../../shared/operations/answer-headers.ts';

/** The Header Objects of a response. */
export const headersOf = (always: readonly AnswerHeader[], sometimes: readonly AnswerHeader[]) =>
  Object.fromEntries([
    ...always.map((name) => [name, { ...ANSWER_HEADERS[name], required: true }] as const),
    ...sometimes.map((name) => [name, ANSWER_HEADERS[name]] as const),
  ]);
