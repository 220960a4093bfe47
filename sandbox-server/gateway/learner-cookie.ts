import type { CookieSerializeOptions } from '@fastify/cookie';

const YEAR_S = 365 * 24 * 60 * 60;

export interface LearnerCookie {
  readonly name: string;
  readonly options: CookieSerializeOptions;
}

/**
 * Cookies know no port: with one name for all, two servers on one computer would take each other's learners away.
 * Over TLS the `__Host-` prefix also keeps a neighbouring subdomain from planting one.
 */
export function learnerCookie(origin: string, port: number): LearnerCookie {
  const secure = origin.startsWith('https:');
  return {
    name: secure ? '__Host-drydock' : `drydock-${port}`,
    options: { httpOnly: true, sameSite: 'strict', path: '/', maxAge: YEAR_S, secure },
  };
}
