import { describe, expect, test } from 'vitest';
import { formatPosition } from '../../../shared/delivery/delivery-position.ts';
import { parseDeliveryQuery } from '../../../shared/query/delivery-parameters.ts';
import type { QueryParameters } from '../../../shared/query/read-parameters.ts';
import { LAST_INSTANT } from '../../../shared/time.ts';

const AT = Date.UTC(2026, 10, 21, 9);

describe('the parameters of deliveries', () => {
  test('may be left out, all of them', () => {
    expect(parseDeliveryQuery({})).toEqual({
      window: { from: 0, until: LAST_INSTANT + 1 },
      applications: ['player', 'builder'],
      limit: 1_000,
      kept: {},
    });
  });

  test('are read, and kept for the next request but for the cursor', () => {
    const position = { partitionKey: '1#player#3', sortKey: '001795251600000#x' };
    const kept = {
      state: 'failed,waiting',
      start_time: '20261121090000',
      end_time: '2026-11-21T10:00:00Z',
      app_type: 'builder',
      rid: 'r-1',
      limit: '7',
    };
    const given = { ...kept, cursor: formatPosition(position) };
    const parameters = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, [value]]));
    expect(parseDeliveryQuery(parameters)).toEqual({
      window: { from: AT, until: AT + 3_600_000 },
      applications: ['builder'],
      states: new Set(['failed', 'waiting']),
      rid: 'r-1',
      limit: 7,
      after: position,
      kept,
    });
  });

  test('name one log by the id under which it is delivered', () => {
    const id = 'builder-20261121T090000000Z-sha256-00ff';
    expect(parseDeliveryQuery({ id: [id], cursor: [''] })).toMatchObject({
      id,
      window: { from: AT, until: AT + 1 },
      applications: ['builder'],
    });
  });

  test.each<[QueryParameters, string, string]>([
    [
      { state: ['lost'] },
      'invalid_state',
      'state is "lost"; accepted: one or several, with commas between: delivered,',
    ],
    [{ state: ['failed', 'waiting'] }, 'repeated_parameter', 'state is given 2 times; accepted: once'],
    [{ start_time: ['yesterday'] }, 'invalid_time', 'start_time is "yesterday"; accepted: YYYYMMDDHHMMSS'],
    [{ end_time: ['20261131000000'] }, 'invalid_time', 'end_time is "20261131000000"; accepted:'],
    [
      { start_time: ['20261121090001'], end_time: ['20261121090000'] },
      'invalid_window',
      'end_time is "20261121090000"; accepted: start_time or later, 20261121090001',
    ],
    [{ app_type: ['viewer'] }, 'invalid_app_type', 'app_type is "viewer"; accepted: player, builder'],
    [{ rid: [''] }, 'invalid_rid', 'rid is ""; accepted:'],
    [
      { id: ['my-own-id'] },
      'invalid_id',
      'id is "my-own-id"; accepted: the id of a delivery, such as player-',
    ],
    [
      { id: ['player-20261121T090000000Z-1'], state: ['failed'] },
      'conflicting_parameters',
      'state is "failed"; accepted: nothing beside id',
    ],
    [{ limit: ['10001'] }, 'invalid_limit', 'limit is "10001"; accepted: a whole number from 1 to 10000'],
    [{ cursor: ['x'] }, 'invalid_cursor', 'cursor is "x"; accepted: the next_cursor of an earlier answer'],
    [{ format: ['ecs'] }, 'unknown_parameter', 'unknown parameter "format"; accepted: state, start_time,'],
  ])('are refused with the parameter, its value and what is accepted: %j', (parameters, code, message) => {
    expect(() => parseDeliveryQuery(parameters)).toThrow(
      expect.objectContaining({ code, status: 400, message: expect.stringContaining(message) }),
    );
  });
});
