import { curlJq } from './collectors/curl-jq.ts';
import { dlt } from './collectors/dlt.ts';
import { python } from './collectors/python.ts';
import { splunk } from './collectors/splunk.ts';
import { syslogNg } from './collectors/syslog-ng.ts';
import type { Connector } from './connector.ts';

/** Every collector that is run, in the order of docs/connectors/README.md. */
export const CONNECTORS: readonly Connector[] = [curlJq, python, dlt, splunk, syslogNg];
