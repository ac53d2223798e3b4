// Prints which packages an import of 'tallo' loads.
import { registerHooks } from 'node:module';

const packages = new Set();
registerHooks({
  load(url, context, nextLoad) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(url)?.[1];
    if (name) packages.add(name);
    return nextLoad(url, context);
  },
});
await import('tallo');
console.log([...packages].sort().join('\n'));
