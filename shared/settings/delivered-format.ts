import * as z from 'zod/mini';
import { FORMAT_NAMES } from '../log/formats/log-format.ts';
import { OCSF_VERSIONS } from '../log/formats/ocsf.ts';

/** In which format a custom service gets each log (docs/formats.md). */

export const deliveredFormatSchema = z
  .enum(FORMAT_NAMES, '"published", "ecs" or "ocsf"')
  .check(z.describe('The format of each log (docs/formats.md).'));

export const deliveredOcsfVersionSchema = z
  .enum(OCSF_VERSIONS, '"1.1.0" or "1.8.0"')
  .check(z.describe('The version of OCSF, which only the format "ocsf" has.'));
