import { EVENT_ACTIONS, EVENT_GROUPS, type EventAction } from '../event/actions.ts';
import { OUTCOME_OF, OUTCOMES, type Outcome } from '../event/outcome.ts';
import { TEXT_LIMIT } from '../log/field-limits.ts';

/** The parameters `action`, `outcome` and `rid`, which choose among the logs of an answer (docs/formats.md#filters). */

/** Which logs are wanted. A log has to match everything that is given. */
export interface LogFilter {
  readonly actions?: ReadonlySet<EventAction> | undefined;
  readonly outcomes?: ReadonlySet<Outcome> | undefined;
  /** `label.rid`, whole. */
  readonly rid?: string | undefined;
}

const GROUPS: Readonly<Record<string, readonly EventAction[]>> = EVENT_GROUPS;
const ACTIONS: Readonly<Record<string, readonly EventAction[]>> = {
  ...GROUPS,
  ...Object.fromEntries(EVENT_ACTIONS.map((action) => [action, [action]])),
};

/** What `action` may name. */
export const ACTION_NAMES = [...EVENT_ACTIONS, ...Object.keys(GROUPS)] as const;

/** What an error says of a value that cannot be read. */
export const ACCEPTED_ACTIONS = `one or several, with commas between: actions (${EVENT_ACTIONS.join(', ')}) and groups (${Object.keys(GROUPS).join(', ')})`;
export const ACCEPTED_OUTCOMES = `one or several, with commas between: ${OUTCOMES.join(', ')}`;
export const ACCEPTED_RID = `a text of 1 to ${TEXT_LIMIT} characters`;

/**
 * Reads the value of `action`: actions and groups, which stand for their actions, with commas between.
 *
 * @returns undefined if a name is unknown or empty
 */
export function readActions(value: string): ReadonlySet<EventAction> | undefined {
  const named = value.split(',').map((name) => (Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined));
  return named.every((actions) => actions !== undefined) ? new Set(named.flat()) : undefined;
}

/**
 * Reads the value of `outcome`: outcomes with commas between.
 *
 * @returns undefined if a name is unknown or empty
 */
export function readOutcomes(value: string): ReadonlySet<Outcome> | undefined {
  const named = value.split(',').map((name) => OUTCOMES.find((outcome) => outcome === name));
  return named.every((outcome) => outcome !== undefined) ? new Set(named) : undefined;
}

/**
 * Reads the value of `rid`.
 *
 * @returns undefined if no log can have it: it is empty, or longer than a text may be
 */
export const readRid = (value: string): string | undefined =>
  value.length >= 1 && value.length <= TEXT_LIMIT ? value : undefined;

/** Decides by a log's canonical JSON, in UTF-8. */
export type LogMatcher = (json: Buffer) => boolean;

const ACTION = Buffer.from('"action":"');

/**
 * A filter that reads the bytes of the JSON: parsing a log would take five times as long.
 *
 * Searching bytes is exact, because stored JSON is canonical (docs/contract.md#the-security-log): it is written by
 * JSON.stringify, in the order of the schema, without spaces. In it a quotation mark that belongs to a text follows a
 * backslash. So `"action":` and `"rid":` are the names of fields, and never part of a text; and `rid` and `action` are
 * each the name of one field only. `event.action` is always there, and needs no escapes. JSON.stringify writes a text in
 * one way only, so two equal texts have equal bytes. The fields that the feed adds (shared/feed/feed-log.ts) change nothing
 * of this.
 *
 * @returns undefined if every log is wanted
 */
export function logMatcher(filter: LogFilter): LogMatcher | undefined {
  const actions = wantedActions(filter);
  const rid = filter.rid === undefined ? undefined : Buffer.from(`"rid":${JSON.stringify(filter.rid)}`);
  if (actions === undefined) return rid && ((json) => json.includes(rid));
  const hasAction: LogMatcher = (json) => actions.has(actionOf(json));
  return rid ? (json) => hasAction(json) && json.includes(rid) : hasAction;
}

/** An outcome is one of the action, so both filters are one set of actions. Undefined if neither is given. */
function wantedActions({ actions, outcomes }: LogFilter): ReadonlySet<string> | undefined {
  if (outcomes === undefined) return actions;
  return new Set([...(actions ?? EVENT_ACTIONS)].filter((action) => outcomes.has(OUTCOME_OF[action])));
}

function actionOf(json: Buffer): string {
  const start = json.indexOf(ACTION) + ACTION.length;
  return json.toString('latin1', start, json.indexOf('"', start));
}
