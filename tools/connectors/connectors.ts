import { curlJq } from './collectors/curl-jq.ts';
import type { Connector } from './connector.ts';

/** Every collector that is run, in the order of docs/connectors/README.md. */
export const CONNECTORS: readonly Connector[] = [curlJq];
