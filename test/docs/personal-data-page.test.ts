import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { keyedDigest } from '../../shared/log/keyed-digest.ts';
import { DROPPABLE_FIELDS, HASHABLE_FIELDS, logProtector } from '../../shared/log/personal-data.ts';
import { FULL_LOG } from '../fixtures/full-log.ts';
import { namesIn, readText, tableOf } from './repository.ts';

const page = readText('docs/personal-data.md');

test('the page on personal data says of each field what dropping and hashing it mean', () => {
  const rows = tableOf(page.slice(page.indexOf('## What it means for consumers')), 'field');
  const said = (of: typeof rows) => of.flatMap(([names = '']) => namesIn(names)).toSorted();
  expect(said(rows)).toEqual(DROPPABLE_FIELDS.toSorted());
  expect(said(rows.filter(([, , hashed = '']) => !hashed.startsWith('not accepted')))).toEqual(
    HASHABLE_FIELDS.toSorted(),
  );
});

test('the command of the page makes the hash that is stored', () => {
  const key = 'a key of the test that is long enough for it';
  const command = /^printf 'hmac.*$/m.exec(page)?.[0].replace("'r-1'", `'${FULL_LOG.label.rid}'`);
  const { stdout } = spawnSync('sh', ['-c', command ?? 'false'], {
    env: { ...process.env, KEY: key },
    encoding: 'utf8',
  });
  const stored = logProtector({ drop: [], hash: ['label.rid'] }, keyedDigest(key))(FULL_LOG);
  expect(stdout).toBe(`${stored.label.rid}\n`);
});
