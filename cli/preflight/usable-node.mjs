// Written in the JavaScript of 2015 and imported before anything else, so that even a Node that cannot parse the
// rest of the preflight can say so.

/** The oldest Node that runs the preflight itself; newer than this, it fetches the one Drydock needs. */
const OLDEST = { major: 14, minor: 18 };

/** @param {string} version as in process.versions.node */
export function canRunPreflight(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
}

/** Runs `main`, which returns an exit status, unless this Node is too old to. @param {() => Promise<number>} main */
export function withUsableNode(main) {
  if (!canRunPreflight(process.versions.node)) {
    console.error(
      `This is Node ${process.versions.node}, too old even to fetch a newer one.\n` +
        `Install Node ${OLDEST.major}.${OLDEST.minor} or newer (the system's package "nodejs" will do) and try again.`,
    );
    process.exitCode = 1;
    return;
  }
  main().then(
    (status) => {
      process.exitCode = status;
    },
    (error) => {
      // Both are written for the person at the keyboard; anything else is a fault of ours and keeps its stack.
      const expected = error && (error.name === 'Stop' || error.name === 'DrydockError');
      console.error(expected ? `\n${error.message}` : error);
      process.exitCode = 1;
    },
  );
}
