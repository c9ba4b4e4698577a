import { EVENT_ACTIONS } from '../shared/event-actions.ts';
import { createApp } from './create-app.ts';
import { SecurityLogsStack } from './stack.ts';

new SecurityLogsStack(createApp(), 'SecurityLogs', { events: EVENT_ACTIONS, retentionHours: 48 });
