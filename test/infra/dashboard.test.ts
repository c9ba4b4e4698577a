import { describe, expect, test } from 'vitest';
import { EVERY_VARIANT } from './every-variant.ts';
import { synthesize, target } from './synthesize.ts';

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly markdown?: string;
    readonly title?: string;
    readonly alarms?: readonly unknown[];
    readonly metrics?: readonly (readonly unknown[])[];
    readonly query?: string;
  };
}

/** The widgets of a stack's dashboard. What CloudFormation fills in stands there as the logical id. */
function widgetsWith(settings: (typeof EVERY_VARIANT)[string]) {
  const stack = synthesize(settings);
  const [dashboard, ...others] = stack.all('AWS::CloudWatch::Dashboard');
  expect(others).toEqual([]);
  const pieces: unknown[] = dashboard?.properties.DashboardBody['Fn::Join'][1];
  const body = pieces.map((piece) => (typeof piece === 'string' ? piece : target(piece as never))).join('');
  return { stack, widgets: JSON.parse(body).widgets as Widget[] };
}

/** The names of all metrics that widgets show. CloudWatch writes "." for what is as in the metric before. */
const metricsOf = (widgets: readonly Widget[]): unknown[] =>
  widgets.flatMap(({ properties }) => (properties.metrics ?? []).map(([, name]) => name));

describe.each(Object.entries(EVERY_VARIANT))('the dashboard with %s', (_, settings) => {
  const { stack, widgets } = widgetsWith(settings);

  test('shows the state of every alarm', () => {
    const [health, ...others] = widgets.filter(({ type }) => type === 'alarm');
    expect(others).toEqual([]);
    expect([...(health?.properties.alarms ?? [])].sort()).toEqual(
      stack
        .all('AWS::CloudWatch::Alarm')
        .map(({ id }) => id)
        .sort(),
    );
  });

  test('says who reads, from the lines of each request in every log group', () => {
    const [readers] = widgets.filter(({ type }) => type === 'log');
    for (const { id } of stack.all('AWS::Logs::LogGroup')) {
      expect(readers?.properties.query).toContain(`SOURCE '${id}'`);
    }
    expect(readers?.properties.query).toContain('filter message = "request answered"');
  });

  test('shows how much, how late and how costly it is', () => {
    expect(metricsOf(widgets)).toEqual(
      expect.arrayContaining(['Stored', 'IngestLag', 'FeedAge', 'ConsumedWriteCapacityUnits', 'Duration']),
    );
  });

  test('shows what becomes of deliveries, or of files, where there are any', () => {
    const functions = stack
      .all('AWS::Lambda::Function')
      .map(({ properties }) => properties.Environment.Variables.POWERTOOLS_SERVICE_NAME);
    const shown = metricsOf(widgets);
    expect(shown.includes('Delivered')).toBe(functions.includes('deliver'));
    expect(shown.includes('ArchivedLogs')).toBe(functions.includes('archive'));
  });
});
