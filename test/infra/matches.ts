import { eventPattern } from '../../local/emulator/events/event-pattern.ts';

export type Pattern = { readonly [name: string]: unknown };

/** Whether EventBridge would match an event, by the local bus's matcher, which agrees with AWS's own. */
export const matches = (pattern: Pattern, event: object): boolean => eventPattern(pattern, 'pattern')(event);
