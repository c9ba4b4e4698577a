import { eventCataloguePage } from './event-catalogue/page.ts';
import { type GeneratedFiles, writeGenerated } from './write-generated.ts';

const USAGE = `Usage: npm run event-catalogue

Writes docs/events.md, the catalogue of the events, from shared/event/, shared/log/security-log.ts and the samples of
npm start (shared/event/sample-events.ts).

  --help  show this
`;

/** A test checks that the committed page is current. */
export const eventCatalogueFiles = (): GeneratedFiles => ({ 'docs/events.md': eventCataloguePage() });

if (import.meta.main) await writeGenerated(USAGE, eventCatalogueFiles);
