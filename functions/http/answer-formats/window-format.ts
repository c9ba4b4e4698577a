import { logWriter, type OtherFormat } from '../../../shared/log/formats/log-format.ts';
import type { OcsfUser } from '../../../shared/log/formats/ocsf/authentication.ts';
import type { Cost } from '../budget/cost.ts';
import type { WindowFormat } from './answer-format.ts';

/**
 * A log in another format takes less than twenty times its stored JSON, which has 100 bytes at the least: these formats add
 * names of fixed length, the id, and a few values a second time. Most logs take less than twice as much.
 */
const MOST_COST: Cost = { kind: 'most', sentBytes: 20, workMs: 0 };

/**
 * The same framing of logs that are written in another format.
 *
 * @param user who the user of an authentication is in OCSF
 */
export const inLogFormat = (framing: WindowFormat, format: OtherFormat, user: OcsfUser): WindowFormat => ({
  ...framing,
  writeLog: logWriter(format, user),
  needsCreatedAt: true,
  mostCost: MOST_COST,
});
