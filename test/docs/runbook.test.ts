import { describe, expect, test } from 'vitest';
import { EVERY_VARIANT } from '../infra/every-variant.ts';
import { synthesize } from '../infra/synthesize.ts';
import { anchorsOf, readText } from './repository.ts';

/** The sections of the runbook: the anchor and the text of each. */
const sections = readText('docs/runbook.md')
  .split(/^(?=## )/m)
  .slice(1)
  .map((text) => {
    const [anchor = ''] = anchorsOf(text);
    return [anchor, text] as const;
  });

/** The alarms of a stack: the logical id and the description of each. */
const alarmsWith = (settings: (typeof EVERY_VARIANT)[string]): [id: string, description: string][] =>
  synthesize(settings)
    .all('AWS::CloudWatch::Alarm')
    .map(({ id, properties }) => [id, properties.AlarmDescription ?? '']);

const LINK = /^[A-Z].*[.] What to do: docs\/runbook\.md#([a-z0-9-]+)$/;
const variants = Object.entries(EVERY_VARIANT).map(
  ([name, settings]) => [name, alarmsWith(settings)] as const,
);

describe('each alarm', () => {
  test.each(variants)('with %s is a sentence, and leads to its section of the runbook', (_, alarms) => {
    expect(alarms.length).toBeGreaterThan(15);
    const anchors = sections.map(([anchor]) => anchor);
    for (const [id, description] of alarms) {
      expect(description, id).toMatch(LINK);
      expect(anchors, id).toContain(LINK.exec(description)?.[1]);
    }
  });
});

describe('each section of the runbook', () => {
  const linked = new Set(
    variants.flatMap(([, alarms]) => alarms.map(([, description]) => LINK.exec(description)?.[1])),
  );

  test.each(sections)('%s is of an alarm', (anchor) => {
    expect(linked).toContain(anchor);
  });

  test.each(sections)('%s says what it means, how to look, what to do and when to ignore it', (_, text) => {
    const parts = [...text.matchAll(/^\*\*(.+?)\.\*\* (?=\S)/gm)].map(([, part]) => part);
    expect(parts).toEqual(['What it means', 'How to look', 'What to do', 'When to ignore it']);
  });
});
