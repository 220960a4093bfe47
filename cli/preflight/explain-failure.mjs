import { Stop } from './stop.mjs';

/** What npm and apt say when the cause is not theirs, and what to do then. First match wins. */
const CAUSES = [
  {
    pattern: /ENOSPC|No space left on device|not enough free disk space|enough free space/i,
    why: 'The disk is full.',
    fix: 'Free some space (about 5 GiB are needed in all) and run the same command again.',
  },
  {
    pattern: /EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH/,
    why: 'The npm registry could not be reached.',
    fix: 'The first start needs a network. Connect (behind a proxy set HTTPS_PROXY; for a registry of your own set it in ~/.npmrc) and run the same command again.',
  },
  {
    pattern:
      /Temporary failure resolving|Could not resolve|Unable to connect|Could not connect|Failed to fetch|Network is unreachable/i,
    why: 'The package mirror could not be reached.',
    fix: 'The first start needs a network. Connect, see that "apt-get update" works, and run the same command again.',
  },
  {
    pattern: /CERT_|certificate|SELF_SIGNED/i,
    why: 'The certificate of the server was not accepted.',
    fix: 'Install the package ca-certificates; behind a proxy with a certificate of its own set NODE_EXTRA_CA_CERTS to its file.',
  },
  {
    pattern: /Could not get lock|is held by process/i,
    why: 'Another program is installing packages.',
    fix: 'Wait until it is done and run the same command again.',
  },
  {
    pattern: /EACCES|EROFS|Permission denied|Read-only file system/i,
    why: 'A folder may not be written to.',
    fix: 'Make the folder named above yours, or run the same command as its owner.',
  },
];

const TAIL_LINES = 12;

/**
 * @param {string} what failed, e.g. "npm ci did not finish"
 * @param {string} output of the program that failed
 */
export function explainFailure(what, output) {
  const cause = CAUSES.find(({ pattern }) => pattern.test(output));
  const tail = output.trim().split('\n').slice(-TAIL_LINES).join('\n');
  return new Stop({
    what: `${what}. The end of its output:\n\n${tail}\n`,
    why: cause?.why,
    fix: cause ? cause.fix : 'Mend what it complains about and run the same command again; what is done is kept.',
  });
}
