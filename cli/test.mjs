// npm test: makes sure of everything the checks need, then runs them all.
import { withUsableNode } from './preflight/usable-node.mjs';

withUsableNode(() => import('./preflight/launch.mjs').then(({ launch }) => launch('test', process.argv.slice(2))));
