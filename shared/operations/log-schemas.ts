import * as z from 'zod/mini';
import { feedLogSchema } from '../feed/feed-log-schema.ts';
import { ecsSchema } from '../log/formats/ecs-schema.ts';
import type { FormatName } from '../log/formats/log-format.ts';
import { ocsfSchema } from '../log/formats/ocsf/schema.ts';
import { securityLogSchema } from '../log/security-log.ts';

/** The formats in which an answer can have a log (docs/formats.md). */

const OTHER_FORMATS = { ecs: ecsSchema, ocsf: ocsfSchema } as const satisfies Partial<
  Record<FormatName, z.ZodMiniType>
>;

export const windowLogSchema = z.union([securityLogSchema, ...Object.values(OTHER_FORMATS)]);
export const feedAnswerLogSchema = z.union([feedLogSchema, ...Object.values(OTHER_FORMATS)]);
