import { setTimeout as delay } from 'node:timers/promises';

/** What a script may touch: files of one fake machine, and where its output goes. */
export interface ShellContext {
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
  readonly files: Map<string, string>;
  readonly signal: AbortSignal;
  /** May wait: that is how a slow reader pauses a command. */
  write(fd: 1 | 2, text: string): Promise<void>;
  powerOff(): void;
}

export type Builtin = (context: ShellContext, args: readonly string[]) => number | Promise<number>;

/** Ends the whole script, as `exit` does. */
class Exit {
  readonly status: number;
  constructor(status: number) {
    this.status = status;
  }
}

const SEQ_LINES_PER_WRITE = 512;

const BUILTINS: Readonly<Record<string, Builtin>> = {
  true: () => 0,
  false: () => 1,
  cd: () => 0,
  exit: (_context, [status]) => {
    throw new Exit(Number(status ?? 0));
  },
  echo: async (context, args) => {
    await context.write(1, `${args.join(' ')}\n`);
    return 0;
  },
  id: async (context) => {
    await context.write(1, `${context.user}\n`);
    return 0;
  },
  seq: async (context, [count]) => {
    const last = Number(count);
    for (let first = 1; first <= last; first += SEQ_LINES_PER_WRITE) {
      context.signal.throwIfAborted();
      const length = Math.min(SEQ_LINES_PER_WRITE, last - first + 1);
      await context.write(1, Array.from({ length }, (_, index) => `${first + index}\n`).join(''));
    }
    return 0;
  },
  sleep: async (context, [seconds]) => {
    await delay(Number(seconds) * 1000, undefined, { signal: context.signal });
    return 0;
  },
  cat: async (context, [path = '']) => {
    const content = context.files.get(path);
    if (content === undefined) {
      await context.write(2, `cat: ${path}: No such file or directory\n`);
      return 1;
    }
    await context.write(1, content);
    return 0;
  },
  touch: (context, [path = '']) => {
    context.files.set(path, context.files.get(path) ?? '');
    return 0;
  },
  rm: (context, [path = '']) => (context.files.delete(path) ? 0 : 1),
  test: (context, [flag, path = '']) => (flag === '-e' && context.files.has(path) ? 0 : 1),
  poweroff: (context) => {
    context.powerOff();
    return 0;
  },
};

/**
 * Just enough of a shell for tests and for trying the page without a machine: words, quotes, `$NAME`, `;`, `&&`, `||`,
 * `>FILE`, `>&2` and the commands above. Anything else is "command not found", status 127.
 */
export async function runFakeScript(
  context: ShellContext,
  script: string,
  more: Readonly<Record<string, Builtin>> = {},
): Promise<number> {
  let status = 0;
  try {
    for (const { command, joint } of splitCommands(script)) {
      if ((joint === '&&' && status !== 0) || (joint === '||' && status === 0)) continue;
      status = await runCommand(context, command, { ...BUILTINS, ...more });
    }
  } catch (cause) {
    if (cause instanceof Exit) return cause.status;
    throw cause;
  }
  return status;
}

async function runCommand(context: ShellContext, command: string, builtins: Readonly<Record<string, Builtin>>) {
  context.signal.throwIfAborted();
  const [name, ...rest] = splitWords(command, context.env);
  if (name === undefined) return 0;
  const { args, target } = takeRedirection(rest);
  const builtin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
  if (builtin === undefined) {
    await context.write(2, `bash: ${name}: command not found\n`);
    return 127;
  }
  return builtin(target === undefined ? context : redirect(context, target), args);
}

function takeRedirection(words: readonly string[]) {
  const at = words.findIndex((word) => word.startsWith('>'));
  if (at < 0) return { args: words, target: undefined };
  const target = words[at] === '>' ? words[at + 1] : words[at]?.slice(1);
  return { args: words.slice(0, at), target };
}

function redirect(context: ShellContext, target: string): ShellContext {
  if (target === '&2') return { ...context, write: (_fd, text) => context.write(2, text) };
  context.files.set(target, '');
  return {
    ...context,
    write: async (fd, text) => {
      if (fd === 2) return context.write(2, text);
      context.files.set(target, `${context.files.get(target) ?? ''}${text}`);
    },
  };
}

function splitCommands(script: string) {
  const commands: { command: string; joint: string }[] = [];
  let joint = ';';
  for (const [, command = '', next = ''] of script.matchAll(
    /((?:'[^']*'|"[^"]*"|[^'"\n;&|]|&(?=\d))*)(&&|\|\||[;\n]|$)/g,
  )) {
    if (command.trim() !== '' && !command.trim().startsWith('#')) commands.push({ command, joint });
    joint = next;
  }
  return commands;
}

function splitWords(command: string, env: Readonly<Record<string, string>>): string[] {
  const words = command.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return words.map((word) =>
    word.replace(
      /'([^']*)'|"([^"]*)"|([^'"]+)/g,
      (_all, single, double, bare) => single ?? expand(double ?? bare, env),
    ),
  );
}

function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{?([A-Za-z_]\w*)\}?/g, (_all, name: string) => env[name] ?? '');
}
