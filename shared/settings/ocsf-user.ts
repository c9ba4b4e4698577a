import * as z from 'zod/mini';
import type { OcsfUser } from '../log/formats/ocsf/authentication.ts';

const USER = '"label.rid", "label.master_rid", or { "name": ... }';
const NAME = 'a name of 1 to 128 characters';

/** The setting `ocsfUser` (docs/formats.md#ocsf). */
export const ocsfUserSchema = z
  .union(
    [
      z.enum(['label.rid', 'label.master_rid']),
      z.strictObject({
        name: z
          .string(NAME)
          .check(z.regex(/^.{1,128}$/u, NAME), z.describe('The name of every user, instead of a label.')),
      }),
    ],
    USER,
  )
  .check(
    z.describe('Who the user of an authentication is in OCSF: the one of a label, or one name for all.'),
  );

/** The user where nothing else is said. */
export const DEFAULT_OCSF_USER = 'label.rid' satisfies OcsfUser;
