import { readCostOptions, USAGE } from './cost/options.ts';
import { pricesWith } from './cost/prices.ts';
import { costReport, reportText } from './cost/report.ts';
import { runTool } from './run-tool.ts';

/** `npm run cost`: what the service costs on AWS (docs/cost.md). */
function main(): void {
  const { help, json, workload, prices } = readCostOptions(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return;
  }
  const report = costReport(workload, pricesWith(prices));
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : reportText(report));
}

await runTool(main, USAGE);
