declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** The part of dynalite 4's options that is used here. */
  export default function dynalite(options: { path?: string; createTableMs?: number }): Server;
}
