FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The sources come after the dependencies, so that a change to them doesn't install anything anew; `prepare` would build and must wait.
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY scenarios ./scenarios
COPY schema ./schema
COPY dashboards ./dashboards
COPY docker-compose.yml ./
RUN mkdir runs && chown node:node runs
USER node
# Metrics; the embedded cloud: MQTT, HTTP, and through TLS MQTT, HTTPS, HTTPS for devices.
EXPOSE 9464 1883 4610 8883 4443 8443
ENTRYPOINT ["node", "dist/main.js"]
CMD ["--help"]
