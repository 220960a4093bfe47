// npm start: makes sure of everything the labs need, then serves them.
import { withUsableNode } from './preflight/usable-node.mjs';

withUsableNode(() => import('./preflight/launch.mjs').then(({ launch }) => launch('start', process.argv.slice(2))));
