import * as z from 'zod/mini';
import { explain } from '../errors.ts';
import { OUTCOMES } from '../event/outcome.ts';
import { HttpError } from '../http-errors.ts';
import { TEXT_LIMIT } from '../log/field-limits.ts';
import { FORMAT_NAMES, type OtherFormat, otherFormat } from '../log/formats/log-format.ts';
import { OCSF_VERSIONS } from '../log/formats/ocsf.ts';
import {
  ACCEPTED_ACTIONS,
  ACCEPTED_OUTCOMES,
  ACCEPTED_RID,
  ACTION_NAMES,
  type LogMatcher,
  logMatcher,
  readActions,
  readOutcomes,
  readRid,
} from './log-filter.ts';
import { once, oneOf } from './read-parameters.ts';

/** The parameters that say which logs are wanted and how they are written, of windows and of the feed (docs/formats.md). */

export const CHOICE_PARAMETERS = {
  format: z.optional(
    once('format', 'invalid_format', FORMAT_NAMES.join(', '), oneOf(FORMAT_NAMES), {
      description: 'The format of each log.',
      schema: { type: 'string', enum: FORMAT_NAMES, default: FORMAT_NAMES[0] },
    }),
  ),
  ocsf_version: z.optional(
    once('ocsf_version', 'invalid_ocsf_version', OCSF_VERSIONS.join(', '), oneOf(OCSF_VERSIONS), {
      description: `The version of OCSF, only with format=ocsf. Default: ${OCSF_VERSIONS[0]}.`,
      schema: { type: 'string', enum: OCSF_VERSIONS },
    }),
  ),
  action: z.optional(
    once('action', 'invalid_action', ACCEPTED_ACTIONS, readActions, {
      description:
        'Only logs of one of these actions: actions, and groups, which stand for their actions. Default: all.',
      schema: { type: 'array', items: { type: 'string', enum: ACTION_NAMES }, minItems: 1 },
    }),
  ),
  outcome: z.optional(
    once('outcome', 'invalid_outcome', ACCEPTED_OUTCOMES, readOutcomes, {
      description: 'Only logs whose action has one of these outcomes. Default: all.',
      schema: { type: 'array', items: { type: 'string', enum: OUTCOMES }, minItems: 1 },
    }),
  ),
  rid: z.optional(
    once('rid', 'invalid_rid', ACCEPTED_RID, readRid, {
      description:
        'Only logs whose label.rid is exactly this. The length counts UTF-16 code units. Default: all.',
      schema: { type: 'string', minLength: 1, maxLength: TEXT_LIMIT },
    }),
  ),
};

/** Which logs are wanted, and how they are written. */
export interface LogChoice {
  /** Undefined for the published format. */
  readonly format?: OtherFormat | undefined;
  /** Which logs are wanted; undefined if all are. */
  readonly matches?: LogMatcher | undefined;
}

/** The values of these parameters. */
type Choices = { [Name in keyof typeof CHOICE_PARAMETERS]?: z.infer<(typeof CHOICE_PARAMETERS)[Name]> };

/** @throws HttpError 400 if there is an `ocsf_version` for a format that has none */
export function logChoice({ format = 'published', ocsf_version, action, outcome, rid }: Choices): LogChoice {
  if (ocsf_version !== undefined && format !== 'ocsf') {
    const message = explain('ocsf_version', ocsf_version, 'only together with format=ocsf');
    throw new HttpError('invalid_ocsf_version', message);
  }
  return {
    format: otherFormat(format, ocsf_version),
    matches: logMatcher({ actions: action, outcomes: outcome, rid }),
  };
}
