const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** As a shell counts it: 128 and the number of SIGINT. */
export const INTERRUPTED_STATUS = 130;

/** One Ctrl-C arrives several times: from the terminal, and passed on by npm and by our own launcher. */
const ONE_CTRL_C_MS = 500;

/** A signal to stop, as an AbortSignal, until it is disposed of and others may listen. A second one waits for nothing. */
export function listenForInterruption(): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  let interruptedMs: number | undefined;
  const interrupt = () => {
    const nowMs = performance.now();
    if (nowMs - (interruptedMs ?? nowMs) > ONE_CTRL_C_MS) process.exit(INTERRUPTED_STATUS);
    interruptedMs ??= nowMs;
    controller.abort(new Error('interrupted'));
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of SIGNALS) process.removeListener(name, interrupt);
    },
  };
}
