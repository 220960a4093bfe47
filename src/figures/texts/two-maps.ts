import { inBoth } from '../in-both.ts';

export const TWO_MAPS = inBoth({
  'zh-cn': {
    title: '里面的 root，外面是谁。',
    caption:
      '容器里的 uid 0 对应宿主机上的 1000，也就是 testuser；1 到 65536 对应借来的 100000 到 165535，不属于任何人。没有哪个号码通向宿主机的 0：写 /etc、读 root 的文件、进入 1 号进程的命名空间，都停在这里。够得着的是 testuser 自己的一切。',
    inside: '容器里',
    outside: '宿主机上',
    rootInside: '0\nroot',
    restInside: '1–65536\n其他用户',
    rootOutside: '0，root\n`/root`、`/etc`',
    testuser: '1000，testuser\n自己的文件',
    borrowed: '100000–165535\n借来的',
  },
  en: {
    title: 'Who root in there is out here.',
    caption:
      'uid 0 in the container is 1000 on the host: testuser. 1 to 65536 are the borrowed 100000 to 165535, which belong to nobody. No number leads to the host’s 0, and there the attacks end: writing to /etc, reading root’s files, joining the namespaces of process 1. What stays in reach is everything of testuser’s.',
    inside: 'in the container',
    outside: 'on the host',
    rootInside: '0\nroot',
    restInside: '1–65536\nother users',
    rootOutside: '0, root\n`/root`, `/etc`',
    testuser: '1000, testuser\nown files',
    borrowed: '100000–165535\nborrowed',
  },
});
