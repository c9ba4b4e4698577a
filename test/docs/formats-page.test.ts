import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EVENT_ACTIONS } from '../../shared/event/actions.ts';
import { OUTCOME_OF } from '../../shared/event/outcome.ts';
import { toEcs } from '../../shared/log/formats/ecs.ts';
import { toOcsf } from '../../shared/log/formats/ocsf.ts';
import type { SecurityLog } from '../../shared/log/security-log.ts';
import { LOG_FIELDS, placesOf } from '../../tools/format-table/places.ts';
import { FORMATS_PAGE, withFormatTable } from '../../tools/format-table.ts';
import { logWithAction } from '../fixtures/full-log.ts';
import { namesIn, tableOf } from './repository.ts';

const page = readFileSync(FORMATS_PAGE, 'utf8');

describe('the page of the formats', () => {
  test('has the current table of fields: npm run format-table writes it', () => {
    expect(page).toBe(withFormatTable(page));
    expect(LOG_FIELDS.length).toBe(tableOf(page, 'field').length);
  });

  test('says of each action what the formats say of it', () => {
    const said = EVENT_ACTIONS.map((action) => {
      const { category, type } = toEcs(logWithAction(action), 'id', 0).event;
      const event = toOcsf(logWithAction(action), 'id', 0, { version: '1.1.0', user: 'label.rid' });
      const status = 'status_id' in event ? `${event.status_id} ${event.status}` : '';
      return [
        action,
        OUTCOME_OF[action],
        `${category}, ${type}`,
        `${event.class_uid}, ${event.activity_id} ${event.activity_name}`,
        status,
        `${event.severity_id} ${event.severity}`,
      ];
    });
    expect(tableOf(page, 'action').map(([action = '', ...cells]) => [...namesIn(action), ...cells])).toEqual(
      said,
    );
  });
});

describe('the places of a field', () => {
  test('are those whose value changes with it, and none where the format lacks it', () => {
    const format = ({ label, url }: SecurityLog) => ({
      ids: [label.rid],
      link: { text: `see ${url?.full}` },
    });
    expect(placesOf(format, 'label.rid', ['OPENED'])).toEqual(['ids']);
    expect(placesOf(format, 'url.full', ['OPENED'])).toEqual(['link.text']);
    expect(placesOf(format, 'url.domain', ['OPENED'])).toEqual([]);
  });
});
