/** API of Docker 20.10, the oldest that this was tried with. What an engine offers beyond it is not used. */
export const API_VERSION = '1.41';
