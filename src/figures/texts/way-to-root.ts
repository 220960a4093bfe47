import { inBoth } from '../in-both.ts';

export const WAY_TO_ROOT = inBoth({
  'zh-cn': {
    title: '直路不通，绕一步就通。',
    caption:
      'alice 自己读 `/root/secret.txt`，内核拒绝。她在 docker 组里，可以打开套接字，于是请 `dockerd` 代劳：守护进程以 root 挂上宿主机的 `/`，容器里的 `cat` 也是 root，文件读出来了。密码和 sudo 规则不在这条路上，也就没有机会说不。',
    alice: 'alice',
    secret: '`/root/secret.txt`\n`root 600`',
    cat: '`cat`',
    denied: '拒绝',
    group: 'docker 组：可读写',
    socket: '`docker.sock`',
    daemon: '`dockerd`，root',
    mount: '挂上 `/`',
    container: '容器\n`cat`，uid 0',
    reads: '读出来了',
  },
  en: {
    title: 'The straight way is shut, the way round is not.',
    caption:
      'When alice reads `/root/secret.txt` herself, the kernel refuses. But she is in the group docker and may open the socket, so she has `dockerd` do it: as root it mounts the host’s `/`, and as root `cat` in the container reads the file. Passwords and sudo rules do not lie on this way, and so they are not asked.',
    alice: 'alice',
    secret: '`/root/secret.txt`\n`root 600`',
    cat: '`cat`',
    denied: 'denied',
    group: 'group docker: rw',
    socket: '`docker.sock`',
    daemon: '`dockerd`, root',
    mount: 'mounts `/`',
    container: 'container\n`cat`, uid 0',
    reads: 'reads it',
  },
});
