/**
 * The commands of the chapter that the course is built from, to the letter, each with the lesson that has its reader run
 * it and with what it has to do. tests/lessons.vm.test.ts, which runs the lessons, looks whether it did.
 */
export interface ChapterCommand {
  readonly section: string;
  readonly command: string;
  readonly lesson: string;
  readonly terminal: string;
  /** It is done when this line has been typed as well: what it asks for, or what it is to work with. */
  readonly doneAfter?: string;
  /** What it must have printed by then. */
  readonly prints?: RegExp;
  /** A line for the same terminal, and what it must print: for what only that shell knows. */
  readonly asked?: { readonly line: string; readonly prints: RegExp };
  /** A script with the kit of checks, which ends with 0 if the command did what it should. */
  readonly did?: { readonly machine: string; readonly script: string };
}

export const CHAPTER_COMMANDS: readonly ChapterCommand[] = [
  {
    section: '18.3.1',
    command: [
      'dockerd \\',
      '  --tlsverify \\',
      '  --tlscacert=ca.pem \\',
      '  --tlscert=server-cert.pem \\',
      '  --tlskey=server-key.pem \\',
      '  -H=0.0.0.0:2376',
    ].join('\n'),
    lesson: 'mutual-tls',
    terminal: 'root',
    prints: /API listen on \[::\]:2376/,
    // 56: the daemon broke off the handshake.
    did: {
      machine: 'desk',
      script: `
        url=https://dock:2376/_ping
        [[ $(docker_tcp GET "$url" --certs /home/olga/.docker) == OK ]] || exit 3
        curl --silent --insecure "$url"
        [[ $? == 56 ]]`,
    },
  },
  {
    section: '18.3.3',
    command: 'sudo apt-get install uidmap',
    lesson: 'rootless',
    terminal: 'olga',
    prints: /Setting up uidmap/,
    did: { machine: 'host', script: '[[ -u /usr/bin/newuidmap && -u /usr/bin/newgidmap ]]' },
  },
  {
    section: '18.3.3',
    command: 'su - testuser',
    lesson: 'rootless',
    terminal: 'olga',
    doneAfter: 'testuser',
    asked: {
      line: 'id -un; pwd; sudo -n true || echo no sudo',
      prints: /^testuser\r?\n\/home\/testuser\r?\n[\s\S]*no sudo/m,
    },
  },
  {
    section: '18.3.3',
    command: 'curl -fsSL https://get.docker.com/rootless | sh',
    lesson: 'rootless',
    terminal: 'olga',
    did: {
      machine: 'host',
      script: `
        read -r _ uid name < <(socket_peer /run/user/1000/docker.sock)
        [[ $uid == 1000 ]] || exit 3
        docker_socket=/run/user/1000/docker.sock
        docker_api GET /info | jq --exit-status '.SecurityOptions | index("name=rootless")'`,
    },
  },
  {
    section: '18.3.3',
    command: 'export DOCKER_HOST=unix:///run/user/1000/docker.sock',
    lesson: 'rootless',
    terminal: 'olga',
    asked: {
      line: 'sh -c \'echo "it is $DOCKER_HOST"\'',
      prints: /^it is unix:\/\/\/run\/user\/1000\/docker\.sock\r?$/m,
    },
  },
  {
    section: '18.3.3',
    command: 'docker version',
    lesson: 'rootless',
    terminal: 'olga',
    prints: /Client:[\s\S]*Server:[\s\S]*rootlesskit:/,
  },
];

/** What the chapter warns against, as it stands there, and the line of a lesson that brings it to light. */
export const CHAPTER_WARNING = {
  section: '18.3.1',
  argument: '-H tcp://0.0.0.0:2375',
  lesson: 'exposed-api',
  terminal: 'olga',
  line: 'ps -o args -C dockerd',
};

/** The page that the chapter sends its readers to. */
export const CHAPTER_LINK = { lesson: 'mutual-tls', url: 'https://docs.docker.com/engine/security/protect-access/' };
