import { describe, expect, test } from 'vitest';
import { readCostOptions } from '../../tools/cost/options.ts';
import { PRICE_NAMES, PRICES, pricesWith } from '../../tools/cost/prices.ts';
import { costReport, reportText } from '../../tools/cost/report.ts';
import { blocksOf, readText, tableOf } from './repository.ts';

const page = readText('docs/cost.md');

describe('docs/cost.md', () => {
  test('shows what the command prints', () => {
    const [command = ''] = blocksOf(page, 'sh', 'cost');
    const [, options = ''] = command.trim().split('npm run --silent cost -- ');
    const { workload, prices } = readCostOptions(options.split(' '));
    expect(blocksOf(page, 'text', 'cost')).toEqual([reportText(costReport(workload, pricesWith(prices)))]);
  });

  test('lists every price that can be set', () => {
    const rows = tableOf(page, 'price').map(([name, dollars, per]) => [name, dollars, per]);
    expect(rows).toEqual(
      PRICE_NAMES.map((name) => {
        const { dollars, per, unit } = PRICES[name];
        return [`\`${name}\``, `$${dollars}`, per === 1 ? unit : `${per.toLocaleString('en-US')} ${unit}`];
      }),
    );
  });
});
