#!/usr/bin/env node
import './security-logs/node-20.ts';
import { runCommand } from './security-logs/run-command.ts';
import { processTerminal } from './security-logs/terminal.ts';

/** `npm exec security-logs`: reads, follows, publishes and checks security logs (docs/client.md). */
process.exitCode = await runCommand(process.argv.slice(2), processTerminal());
