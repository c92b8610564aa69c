import type { FastifyHelmetOptions } from '@fastify/helmet';

/** What pages may do: nothing from elsewhere, no script inside of a page, and no other site shows them in a frame. */
export const PAGE_HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      workerSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  },
  frameguard: { action: 'deny' },
  referrerPolicy: { policy: 'no-referrer' },
  // Whoever ends TLS in front of the service says for how long there is to be TLS.
  strictTransportSecurity: false,
} satisfies FastifyHelmetOptions;
