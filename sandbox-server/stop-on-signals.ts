const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** As a shell counts it: 128 and the number of SIGINT. */
const INTERRUPTED_STATUS = 130;

/** One Ctrl-C arrives several times: from the terminal, and passed on by npm and by our own launcher. */
const ONE_CTRL_C_MS = 500;

/** Resolves at the first signal to stop. The second one does not wait for anything any more. */
export function stopOnSignals(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let stoppingSinceMs: number | undefined;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      const nowMs = performance.now();
      if (nowMs - (stoppingSinceMs ?? nowMs) > ONE_CTRL_C_MS) process.exit(INTERRUPTED_STATUS);
      stoppingSinceMs ??= nowMs;
      resolve(signal);
    });
  }
  return promise;
}
