import type { Lab } from '../../labs/format/lab.ts';
import type { Driver, Machine } from '../../sandbox-server/machines/driver.ts';
import type { Templates } from '../../sandbox-server/machines/templates.ts';

const SCRIPT_TIMEOUT_MS = 60_000;
let groups = 0;

/** Two machines on a network of their own. Disposing ends them. */
export class Group implements AsyncDisposable {
  readonly host: Machine;
  readonly attacker: Machine;

  constructor(host: Machine, attacker: Machine) {
    this.host = host;
    this.attacker = attacker;
  }

  static async fork({ driver, templates }: { driver: Driver; templates: Templates }, lab: Lab, step?: string) {
    const refs = await templates.forLab(lab, step);
    groups += 1;
    const id = `network-${process.pid}-${groups}`;
    using network = driver.network();
    await using started = new AsyncDisposableStack();
    const forks = ['host', 'attacker'].map(async (role, index) => {
      const template = refs.get(role);
      if (template === undefined) throw new Error(`Lab ${lab.id} has no template for ${role}.`);
      return started.use(await driver.fork(template, { id: `${id}-${index}`, network }));
    });
    const [host, attacker] = await Promise.all(forks);
    if (!host || !attacker) throw new Error('A group has two machines.');
    started.move();
    return new Group(host, attacker);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.host, this.attacker].map((machine) => machine[Symbol.asyncDispose]()));
  }
}

/** What a script prints that must succeed. */
export async function output(machine: Machine, script: string): Promise<string> {
  const { status, stdout, stderr } = await machine.run({ script, timeoutMs: SCRIPT_TIMEOUT_MS });
  if (status !== 0) throw new Error(`${machine.id} ended a script with ${status}: ${stdout}${stderr}\n${script}`);
  return stdout;
}
