import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { Tryout } from '../cli/lab/tryout.ts';
import { loadLab } from '../labs/format/load-lab.ts';
import { readConfig } from '../sandbox-server/config.ts';
import { openLocalMachines } from '../sandbox-server/local-machines.ts';
import { FirstSurveys } from '../sandbox-server/map/first-surveys.ts';
import { Surveyor } from '../sandbox-server/map/surveyor.ts';
import { Metrics } from '../sandbox-server/metrics/metrics.ts';
import { QUIET_LOG } from '../sandbox-server/testing/quiet-log.ts';

const engine = await openLocalMachines({ env: process.env, config: readConfig(process.env) });
after(() => engine[Symbol.asyncDispose]());

const { signal } = new AbortController();
const firstSurveys = new FirstSurveys();

/** Real machines of a lab, whose map is kept for somebody who looks, or not. */
class Scene implements AsyncDisposable {
  readonly tryout: Tryout;
  readonly surveyor: Surveyor;
  /** Scripts that were run for the map and came to an end, each by its machine. */
  readonly asked: string[] = [];
  #hasActed = false;
  #wake: () => void = () => {};

  static async start(labId: string): Promise<Scene> {
    const lab = loadLab(`labs/${labId}`);
    return new Scene(lab, await Tryout.start(lab, engine, { signal }));
  }

  constructor(lab: ReturnType<typeof loadLab>, tryout: Tryout) {
    this.tryout = tryout;
    this.surveyor = new Surveyor({
      ...{ lab, template: lab.id, firstSurveys, log: QUIET_LOG, metrics: new Metrics(), isHeld: () => false },
      hasActed: () => this.#hasActed,
      onChange: () => this.#wake(),
      run: async (role, request) => {
        const result = await tryout.run(role, request);
        // On a host that is very busy one may take too long, and is made again.
        if (!result.timedOut) this.asked.push(role);
        return result;
      },
    });
  }

  async type(terminal: string, command: string): Promise<void> {
    this.#hasActed = true;
    await this.tryout.type({ terminal, command });
    this.surveyor.noteActivity();
  }

  get #host() {
    const { map } = this.surveyor;
    return map?.kind === 'drawn' ? map.hosts[0] : undefined;
  }

  get doors(): string[] {
    return (this.#host?.doors ?? []).map(({ id, state, isEncrypted }) => `${id} ${state}${isEncrypted ? ' TLS' : ''}`);
  }

  get ways(): string[] {
    const names = new Map(this.#host?.people.map(({ id, name }) => [id, name]));
    return (this.#host?.ways ?? []).map(({ from, by, to }) => `${names.get(from)} ${by} ${to}`);
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.surveyor[Symbol.dispose]();
    await this.tryout[Symbol.asyncDispose]();
  }
}

const SOCKET = '/run/docker.sock';

describe('the map of lesson 4’s machine', { concurrency: 1 }, () => {
  let scene: Scene;
  after(() => scene[Symbol.asyncDispose]());

  it('has whoever is in the group, from one look', async () => {
    scene = await Scene.start('docker-group');
    scene.surveyor.setWatched(true);
    await scene.until(() => scene.surveyor.map !== null);
    assert.deepEqual(scene.doors, [`${SOCKET} group`]);
    assert.deepEqual(scene.ways, [`alice group ${SOCKET}`, `olga group ${SOCKET}`]);
    assert.deepEqual(scene.asked, ['host']);
  });

  it('has an old login after the group was left, and nothing after that has ended', async () => {
    await scene.type('olga', 'sudo gpasswd -d alice docker');
    await scene.until(() => scene.ways.includes(`alice old-login ${SOCKET}`));
    await scene.type('alice', 'exit');
    await scene.until(() => !scene.ways.some((way) => way.startsWith('alice')));
    assert.deepEqual(scene.ways, [`olga group ${SOCKET}`]);
  });

  it('has everybody, and an access list, as the socket’s file has them', async () => {
    await scene.type('olga', 'sudo chmod 666 /run/docker.sock');
    await scene.until(() => scene.ways.includes(`alice everybody ${SOCKET}`));
    assert.deepEqual(scene.doors, [`${SOCKET} open`]);
    await scene.type('olga', 'sudo chmod 660 /run/docker.sock; sudo setfacl -m u:alice:rw /run/docker.sock');
    await scene.until(() => scene.ways.includes(`alice listed ${SOCKET}`));
    await scene.type('olga', 'sudo setfacl -b /run/docker.sock');
    await scene.until(() => !scene.ways.some((way) => way.startsWith('alice')));
  });

  it('has a container with the host’s files as long as it runs', async () => {
    await scene.type('olga', 'docker run -d --name all -v /:/host local/busybox sleep 1d');
    await scene.until(() => scene.ways.includes('all files root'));
    await scene.type('olga', 'docker rm -f all');
    await scene.until(() => !scene.ways.some((way) => way.startsWith('all ')));
  });

  it('has a daemon that systemd starts, and does not start it by looking', async () => {
    await scene.type('olga', 'sudo systemctl stop docker.service');
    const state = () =>
      scene.surveyor.map?.kind === 'drawn' ? scene.surveyor.map.hosts[0]?.daemons[0]?.state : undefined;
    await scene.until(() => state() === 'asleep');
    const before = scene.asked.length;
    await scene.type('olga', 'sudo gpasswd -a alice docker');
    await scene.until(() => scene.ways.some((way) => way.startsWith('alice')));
    assert.ok(scene.asked.length > before);
    const { stdout } = await scene.tryout.run('host', { script: 'pgrep -c -x dockerd', timeoutMs: 20_000 });
    assert.equal(stdout.trim(), '0');
  });

  it('comes to a fork of the same template without a look at it, and follows nobody who does not look', async () => {
    await using second = await Scene.start('docker-group');
    second.surveyor.setWatched(true);
    await second.until(() => second.surveyor.map !== null);
    assert.deepEqual([second.asked, second.ways], [[], [`alice group ${SOCKET}`, `olga group ${SOCKET}`]]);
    second.surveyor.setWatched(false);
    await second.type('olga', 'sudo gpasswd -d alice docker');
    // The control: what was typed has happened, and without a look the map does not know.
    const { stdout } = await second.tryout.run('host', { script: 'getent group docker', timeoutMs: 20_000 });
    assert.match(stdout, /:olga$/m);
    assert.deepEqual([second.asked, second.ways.length], [[], 2]);
    second.surveyor.setWatched(true);
    await second.until(() => second.ways.includes(`alice old-login ${SOCKET}`));
  });
});

describe('the map of lesson 2’s two machines', { concurrency: 1 }, () => {
  let scene: Scene;
  after(() => scene[Symbol.asyncDispose]());

  it('has the open port, and the other machine that gets there', async () => {
    scene = await Scene.start('exposed-api');
    scene.surveyor.setWatched(true);
    await scene.until(() => scene.ways.includes('kali network *:2375'));
    assert.deepEqual(scene.doors, ['*:2375 open', `${SOCKET} group`]);
    assert.deepEqual(scene.ways, ['olga everybody *:2375', `olga group ${SOCKET}`, 'kali network *:2375']);
  });

  it('has it stopped on the way by a rule of the packet filter, and no more once that is gone', async () => {
    const rule = 'INPUT -i eth0 -p tcp --dport 2375 -j';
    await scene.type('olga', `sudo iptables -I ${rule} REJECT`);
    await scene.until(() => scene.ways.includes('kali blocked *:2375'));
    await scene.type('olga', `sudo iptables -D ${rule} REJECT; sudo iptables -I ${rule} DROP`);
    await scene.type('olga', `sudo iptables -D ${rule} DROP`);
    await scene.until(() => scene.ways.includes('kali network *:2375'));
  });

  it('has the port no more once its listener is gone', async () => {
    for (const { terminal, command } of [
      { terminal: 'olga', command: 'sudo rm /etc/systemd/system/docker.service.d/remote.conf' },
      { terminal: 'olga', command: 'sudo systemctl daemon-reload' },
      { terminal: 'olga', command: 'sudo systemctl restart docker' },
    ]) {
      await scene.type(terminal, command);
    }
    await scene.until(() => !scene.doors.some((door) => door.startsWith('*:2375')) && scene.doors.length > 0);
    assert.deepEqual(scene.ways, [`olga group ${SOCKET}`]);
  });
});

describe('the map of lesson 5’s port', { concurrency: 1 }, () => {
  it('tells TLS that asks nobody from TLS that asks for a certificate', async () => {
    await using scene = await Scene.start('mutual-tls');
    scene.surveyor.setWatched(true);
    await scene.until(() => scene.ways.includes('desk network *:2376'));
    assert.deepEqual(scene.doors, ['*:2376 open TLS', `${SOCKET} group`]);
    assert.ok(scene.ways.includes('desk network *:2376'));
    const keys =
      '--tlsverify --tlscacert=/etc/docker/cert.pem --tlscert=/etc/docker/cert.pem --tlskey=/etc/docker/key.pem';
    await scene.type('root', 'systemctl stop docker.service docker.socket');
    await scene.type('root', `setsid dockerd ${keys} -H 0.0.0.0:2376 -H unix:///run/docker.sock > /dev/null 2>&1 &`);
    await scene.until(
      () => scene.doors.includes('*:2376 certificate TLS') && scene.ways.includes('desk certificate *:2376'),
    );
    assert.ok(!scene.ways.some((way) => way.startsWith('olga everybody')));
  });
});
