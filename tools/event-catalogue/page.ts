import { REJECTIONS, type RejectionCode } from '../../shared/errors.ts';
import { EVENT_ACTIONS, EVENT_GROUPS, type EventAction, WHEN_PUBLISHED } from '../../shared/event/actions.ts';
import { OUTCOME_OF } from '../../shared/event/outcome.ts';
import type { SampleEvent } from '../../shared/event/sample-events.ts';
import { toEcs } from '../../shared/log/formats/ecs.ts';
import { ACTIVITY_OF } from '../../shared/log/formats/ocsf/activities.ts';
import { markdownTable } from '../contract-tables/markdown-table.ts';
import { FIELDS, namesIn } from './fields.ts';
import { logOf, rejectionsOf, SAMPLES } from './samples.ts';

/** The page of the event catalogue. */

const INTRODUCTION = `# The event catalogue

Each of the nine events: when it is published, its fields, a sample, and why it may be rejected. \`npm run event-catalogue\` writes this page from the code.
[The contract](contract.md#publishing-an-event) says how to publish, and what becomes of values that do not fit. The JSON Schemas are
[security-event.json](schemas/security-event.json) of what is published, and [security-log.json](schemas/security-log.json) of the log that it becomes.
`;

const code = (text: string): string => `\`${text}\``;
const json = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\n`;
const anchor = (action: EventAction): string => `[${code(action)}](#${action.toLowerCase()})`;

const groupOf = (action: EventAction): string =>
  Object.entries(EVENT_GROUPS).find(([, actions]) => (actions as readonly string[]).includes(action))?.[0] ??
  '';

function sampleOf(action: EventAction): SampleEvent {
  const sample = SAMPLES.find(({ detail }) => detail.event.action === action);
  if (sample === undefined) throw new Error(`shared/event/sample-events.ts has no sample of ${action}`);
  return sample;
}

/** The fields that tell more of the event than others do: fewer than half of the samples have them. */
function ownFields(sample: SampleEvent): string[] {
  const all = SAMPLES.map(({ detail }) => new Set(namesIn(detail)));
  return namesIn(sample.detail).filter(
    (name) => all.filter((names) => names.has(name)).length * 2 < all.length,
  );
}

function overview(): string {
  const rows = EVENT_ACTIONS.map((action) => [
    anchor(action),
    WHEN_PUBLISHED[action],
    groupOf(action),
    OUTCOME_OF[action],
  ]);
  return markdownTable(['event', 'when', 'settings group', 'outcome'], rows);
}

function section(action: EventAction): string {
  const sample = sampleOf(action);
  const log = logOf(sample);
  const { category, type } = toEcs(log, '', 0).event;
  const { class_uid, class_name, activity_id, activity_name } = ACTIVITY_OF[action];
  const own = ownFields(sample).map((name) => code(name));
  return `### ${action}

Published when ${WHEN_PUBLISHED[action]}. Its group in the settings is ${code(groupOf(action))}; its [outcome](formats.md#outcomes) is ${code(OUTCOME_OF[action])}.
In ECS it is of the category ${code(category.join())} and the type ${code(type.join())}, in OCSF ${class_uid} ${class_name}, activity ${activity_id} ${activity_name}.

${own.length > 0 ? `Its own fields, beside those that most events have: ${own.join(', ')}.` : 'It has no fields of its own.'} A sample, published by ${code(sample.source)}:

${json(sample.detail)}
and its log:

${json(log)}`;
}

const fieldsTable = (): string =>
  markdownTable(
    ['field', 'kind', 'what it is'],
    FIELDS.map(({ name, kind, description }) => [code(name), kind, description]),
  );

function rejectionsTable(): string {
  const rows = rejectionsOf(sampleOf('OPENED')).map(({ code: given, sent, message }) => [
    code(given),
    REJECTIONS[given as RejectionCode],
    sent,
    message,
  ]);
  return markdownTable(['code', 'when', 'for example', 'what the reason says'], rows);
}

export const eventCataloguePage = (): string => `${INTRODUCTION}
${overview()}
## Why an event is rejected

Whatever its action, an event is rejected whole for one of these reasons only. Anything else that does not fit is
[cut, dropped or replaced](contract.md#publishing-an-event), and the event is stored.

${rejectionsTable()}
## The fields

Every event may have every field, and only \`event.action\` is required. A text has at most the UTF-16 code units that its kind says. A producer may also send
\`event.id\`, its own id of the event.

${fieldsTable()}
## The events

${EVENT_ACTIONS.map(section).join('\n')}`;
