// npm run dev, bench, lab, doctor, clean: the command is the first argument.
import { withUsableNode } from './preflight/usable-node.mjs';

withUsableNode(() =>
  import('./preflight/launch.mjs').then(({ launch }) => launch(process.argv[2] || '', process.argv.slice(3))),
);
