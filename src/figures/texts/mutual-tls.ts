import { inBoth } from '../in-both.ts';

export const MUTUAL_TLS = inBoth({
  'zh-cn': {
    title: '谁出示哪张证书，谁在哪里被拒。',
    caption:
      '两张证书由同一个 CA 签发，各有各的用途。olga 的客户端和 dock 互相出示，也互相核对，对话才开始。没有证书的、证书出自别家 CA 的、拿 dock 自己的证书当客户端用的，都由 dock 拒绝。有人占了 dock 的地址、拿不出写着 dock 的证书，就由 olga 的客户端拒绝。',
    authority: 'CA：`ca-key.pem`',
    signs: '签发',
    clientCertificate: '`cert.pem`\nolga，`clientAuth`',
    serverCertificate: '`server-cert.pem`\ndock，`serverAuth`',
    client: '客户端',
    daemon: '`dockerd`',
    shownByOlga: '`cert.pem`，olga 出示',
    shownByDock: '`server-cert.pem`，dock 出示',
    none: '没有证书',
    anotherAuthority: '别家 CA 签发的证书',
    wrongPurpose: 'dock 自己的证书，用途不对',
    impostor: '冒名者的证书，名字不对',
  },
  en: {
    title: 'Who shows which certificate, and who is refused where.',
    caption:
      'One authority has signed both certificates, each for a purpose of its own. olga’s client and dock each show theirs and check the other’s before anything is said. dock refuses whoever has none, has one of another authority, or uses dock’s own as a client’s. Whoever takes dock’s address without a certificate for that name is refused by olga’s client.',
    authority: 'authority: `ca-key.pem`',
    signs: 'signs',
    clientCertificate: '`cert.pem`\nolga, `clientAuth`',
    serverCertificate: '`server-cert.pem`\ndock, `serverAuth`',
    client: 'client',
    daemon: '`dockerd`',
    shownByOlga: 'olga’s `cert.pem`',
    shownByDock: 'dock’s `server-cert.pem`',
    none: 'no certificate',
    anotherAuthority: 'one of another authority',
    wrongPurpose: 'dock’s own: wrong purpose',
    impostor: 'an impostor’s: wrong name',
  },
});
