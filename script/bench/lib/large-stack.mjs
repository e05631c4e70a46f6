/** A stack of `count` services, each like those of the reference stack: a port, a check, dependencies, secrets. */
export function largeStack(count) {
  const service = (n) => `  service-${n}:
    image: registry.example/service:${n}
    command: [serve, --port, "8080", --name, service-${n}]
    networks: [all]
    ports: { http: 8080 }
    ${n >= 10 ? `depends_on: [service-${n - 10}]` : 'depends_on: []'}
    env_from: [common]
    env:
      NAME: service-${n}
      DATABASE_URL: ["postgres://app:", { secret: database_password }, "@db.example/service_${n}"]
    checks:
      - { type: http, path: /health, interval: 30s, timeout: 5s, retries: 3, grace: 20s }
    security_opt: ["no-new-privileges:true"]
    resources: { cpu: 0.5, cpu_reservation: 0.25, memory: 512MB, memory_reservation: 256MB }
    labels: { team: "${n % 7}" }
`
  return `name: large
cluster: { memory_oversubscription: true }
secrets: { database_password: {} }
networks: { all: {} }
environments:
  common: { LOG_LEVEL: INFO, ENVIRONMENT: production }
services:
${Array.from({ length: count }, (_, n) => service(n)).join('')}`
}
