# The slim image is Debian with glibc, which Node.js itself is built and tested on, without the compilers and tools of
# the full one: the service has no native modules, so nothing here needs them.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json tsconfig.client.json ./
COPY scripts/build.ts scripts/build-dashboard.ts scripts/dashboard-bundle.ts scripts/compile-programs.ts scripts/
COPY src src
RUN npm run build
RUN mkdir data

FROM node:24-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-slim
LABEL org.opencontainers.image.title="Sallyport" org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production
# Inside the container it listens for what `docker run -p` lets in; which of the host's addresses that is, -p says.
ENV SALLYPORT_HOST=0.0.0.0
ENV SALLYPORT_STORE=sqlite:/data/sallyport.db
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
# All that it writes is here, so the rest of the file system may be read-only (`docker run --read-only`).
COPY --from=build --chown=node:node /app/data /data
VOLUME /data
USER node
EXPOSE 7420
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SALLYPORT_PORT || 7420}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
