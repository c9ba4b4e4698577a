import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { publicHandler } from '../http/reading-handler.ts';
import { requestReport } from '../http/request-report.ts';
import { VARY } from '../http/responses.ts';
import { page } from './page.ts';
import { readPageFiles } from './page-files.ts';

export const handler = publicHandler({
  report: requestReport(new Logger(), new Metrics(), VARY.byEncoding),
  answer: page(readPageFiles(dirname(fileURLToPath(import.meta.url)))),
});
