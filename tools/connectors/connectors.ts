import { benthos } from './collectors/benthos.ts';
import { curlJq } from './collectors/curl-jq.ts';
import { dlt } from './collectors/dlt.ts';
import { elasticCel } from './collectors/elastic-cel.ts';
import { python } from './collectors/python.ts';
import { splunk } from './collectors/splunk.ts';
import { syslogNg } from './collectors/syslog-ng.ts';
import { telegraf } from './collectors/telegraf.ts';
import type { Connector } from './connector.ts';

/** Every collector that is run, in the order of docs/connectors/README.md. */
export const CONNECTORS: readonly Connector[] = [
  curlJq,
  python,
  dlt,
  splunk,
  syslogNg,
  elasticCel,
  benthos,
  telegraf,
];
