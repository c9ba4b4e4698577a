import { handler } from '../../functions/ingest/handler.ts';
import { answerWithIngest } from '../ingest-batches.ts';

/** The ingest function, its whole handler. */

answerWithIngest(handler);
