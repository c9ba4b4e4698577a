import { expect, test } from 'vitest';
import { filesIn } from '../../../tools/connectors/page-files.ts';

test('the files of a page are its blocks that begin with a language and a file name', () => {
  const page = [
    '```yaml vector.yaml\nsources: {}\n```',
    '```toml .dlt/config.toml\n[runtime]\n```',
    '```sh follow\nnot a file\n```',
    '```\nno name.txt\n```',
    '```json\n{}\n```',
  ].join('\n\n');
  expect([...filesIn(page)]).toEqual([
    ['vector.yaml', 'sources: {}\n'],
    ['.dlt/config.toml', '[runtime]\n'],
  ]);
});
