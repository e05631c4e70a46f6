import type { ComposeService } from '../compose/service.ts'

/** Ports that say what they are for, whoever listens. */
const WELL_KNOWN: Readonly<Record<number, string>> = {
  22: 'ssh',
  25: 'smtp',
  53: 'dns',
  80: 'http',
  443: 'https',
  1025: 'smtp',
  1883: 'mqtt',
  2181: 'client',
  2379: 'client',
  3306: 'mysql',
  3307: 'mysql',
  4222: 'nats',
  4317: 'otlp',
  4318: 'otlp-http',
  5432: 'postgres',
  5672: 'amqp',
  5678: 'debug',
  6379: 'redis',
  8443: 'https',
  9042: 'cql',
  9092: 'kafka',
  9229: 'debug',
  11211: 'memcached',
  27017: 'mongo',
}

/** Ports of programs that give a number a meaning of their own. */
const BY_IMAGE: readonly (readonly [image: RegExp, port: number, name: string])[] = [
  [/minio/, 9000, 's3'],
  [/minio/, 9001, 'console'],
  [/minio/, 9090, 'console'],
  [/clickhouse/, 9000, 'native'],
  [/clickhouse/, 8123, 'http'],
  [/zookeeper/, 2181, 'client'],
  [/etcd/, 2380, 'peer'],
  [/nats/, 8222, 'http'],
]

/** A name for a port: by its number, by the program, else `http` where that is spoken, else `port-NUMBER`. */
export function portName(
  number: number,
  service: ComposeService,
  { inUrl, checkedBy }: { readonly inUrl: boolean; readonly checkedBy: string | undefined },
): string {
  const image =
    (service.image?.value ?? []).filter((part) => typeof part === 'string').join('') || service.name
  const own = BY_IMAGE.find(([form, port]) => port === number && form.test(image))?.[2]
  if (own !== undefined) return own
  if (/exporter|cadvisor/.test(image)) return 'metrics'
  const known = WELL_KNOWN[number]
  if (known !== undefined) return known
  const published = service.ports.some(({ value }) => value.target === number && value.protocol === 'tcp')
  if (checkedBy === 'grpc') return 'grpc'
  return checkedBy === 'http' || inUrl || published ? 'http' : `port-${number}`
}
