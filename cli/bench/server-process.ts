import { Progress } from '../progress/progress.mjs';
import { serveLabs } from '../serve/serve-labs.ts';

/** The server of a benchmark, in a process of its own: the load it carries is made elsewhere. */
const nothing = () => {};
const view = { started: nothing, detail: nothing, done: nothing, failed: nothing };
const progress = new Progress({ view, history: { lastSeconds: () => undefined, remember: nothing } });

process.exitCode = await serveLabs({ progress, onReady: ({ origin }) => process.send?.({ origin }) });
