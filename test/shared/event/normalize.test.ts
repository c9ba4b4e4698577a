import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { normalizer } from '../../../shared/event/normalize.ts';
import { text } from '../../../shared/log/security-log.ts';

test.each([
  ['a number', z.object({ count: z.number() })],
  ['a list of texts', z.object({ names: z.array(text) })],
  ['a text with a limit of its own', z.object({ name: z.string().check(z.maxLength(5)) })],
  ['an optional field', z.object({ count: z.optional(z.number()) })],
  ['a field of a group', z.object({ group: z.object({ count: z.number() }) })],
])('a schema with a field of an unknown kind is refused: %s', (_, schema) => {
  expect(() => normalizer(schema)).toThrow(
    /^the field (count|names|name) is of a kind that cannot be normalized$/,
  );
});
