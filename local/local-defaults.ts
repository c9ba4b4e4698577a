import type { SettingsInput } from '../shared/settings/schema.ts';

/** What `npm start` adds to the settings where they say nothing (docs/contract.md#on-one-machine). */
export const LOCAL_DEFAULTS: SettingsInput = { page: true };
