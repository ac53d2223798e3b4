/** The part of dynalite (Apache-2.0, without types of its own) that we use. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface Options {
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
  }

  // biome-ignore lint/style/noDefaultExport: it is what dynalite exports
  export default function dynalite(options?: Options): Server;
}
