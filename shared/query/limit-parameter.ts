import * as z from 'zod/mini';
import { once } from './read-parameters.ts';

const MOST = 10_000;
const DEFAULT = 1_000;

const readLimit = (value: string): number | undefined => {
  const number = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  return number >= 1 && number <= MOST ? number : undefined;
};

/** `limit`: how much an answer holds at most. */
export const limitParameter = z._default(
  once('limit', 'invalid_limit', `a whole number from 1 to ${MOST}`, readLimit, {
    description: 'The most that an answer holds.',
    schema: { type: 'integer', minimum: 1, maximum: MOST, default: DEFAULT },
  }),
  DEFAULT,
);
