import { describe, expect, it } from 'vitest'
import { groupOf, serviceIn, servicesOf, taskOf } from './planned.ts'

const LOOPBACK = { container: 80, publish: '127.0.0.1:8080' }
const OPEN = { container: 80, publish: 8080 }
const PUBLISHED = { p_loopback: { static: 8080, to: 80, host_network: 'loopback' } }

interface Case {
  readonly cluster: object
  readonly port: unknown
  readonly it?: object
  readonly mode: string | undefined
  readonly ports: object | undefined
  readonly mapped?: readonly string[]
  readonly address: object
}

const CASES: Record<string, Case> = {
  'bridge, host addresses, not published': {
    cluster: {},
    port: 80,
    mode: 'bridge',
    ports: { p: { to: 80 } },
    address: { port: 'p' },
  },
  'bridge, host addresses, published': {
    cluster: {},
    port: OPEN,
    mode: 'bridge',
    ports: { p: { static: 8080, to: 80 } },
    address: { port: 'p' },
  },
  'bridge, host addresses, on loopback': {
    cluster: {},
    port: LOOPBACK,
    mode: 'bridge',
    ports: { p: { to: 80 }, ...PUBLISHED },
    address: { port: 'p' },
  },
  'bridge, allocation addresses, not published': {
    cluster: { addresses: 'allocation' },
    port: 80,
    mode: 'bridge',
    ports: undefined,
    address: { port: '80', address_mode: 'alloc' },
  },
  'bridge, allocation addresses, published': {
    cluster: { addresses: 'allocation' },
    port: OPEN,
    mode: 'bridge',
    ports: { p: { static: 8080, to: 80 } },
    address: { port: '80', address_mode: 'alloc' },
  },
  'bridge, allocation addresses, on loopback': {
    cluster: { addresses: 'allocation' },
    port: LOOPBACK,
    mode: 'bridge',
    ports: PUBLISHED,
    address: { port: '80', address_mode: 'alloc' },
  },
  'mesh: the check goes to the allocation, whatever addresses says': {
    cluster: { isolation: 'intentions' },
    port: LOOPBACK,
    mode: 'bridge',
    ports: PUBLISHED,
    address: { port: '80' },
  },
  'raw_exec: the program listens on the node': {
    cluster: {},
    port: 80,
    it: { driver: 'raw_exec', image: undefined, command: 'x' },
    mode: undefined,
    ports: { p: { static: 80 } },
    address: { port: 'p' },
  },
  'exec lives in a bridge': {
    cluster: {},
    port: 80,
    it: { driver: 'exec', image: undefined, command: 'x' },
    mode: 'bridge',
    ports: { p: { to: 80 } },
    address: { port: 'p' },
  },
  'docker networks, not published': {
    cluster: { isolation: 'docker' },
    port: 80,
    mode: undefined,
    ports: { p: { to: 80 } },
    address: { port: 'p', address_mode: 'driver' },
  },
  'docker networks, published': {
    cluster: { isolation: 'docker' },
    port: OPEN,
    mode: undefined,
    ports: { p: { static: 8080, to: 80 } },
    mapped: ['p'],
    address: { port: 'p', address_mode: 'host' },
  },
  'docker networks, on loopback': {
    cluster: { isolation: 'docker' },
    port: LOOPBACK,
    mode: undefined,
    ports: { p: { to: 80 }, ...PUBLISHED },
    mapped: ['p_loopback'],
    address: { port: 'p', address_mode: 'driver' },
  },
  'docker networks do not hold podman': {
    cluster: { isolation: 'docker' },
    port: 80,
    it: { driver: 'podman' },
    mode: 'bridge',
    ports: { p: { to: 80 } },
    address: { port: 'p' },
  },
}

describe('the network of a job and the address of its service', () => {
  it.each(Object.entries(CASES))('%s', (_, { cluster, port, it: more, mode, ports, mapped, address }) => {
    const written = serviceIn({ cluster }, { ports: { p: port }, ...more })
    const network = groupOf(written).network?.[0]
    expect(network?.mode).toBe(mode)
    expect(network?.port).toEqual(ports)
    const { config } = taskOf(written)
    expect(config?.ports).toEqual(mapped)
    const [service] = servicesOf(written)
    expect({ port: service?.port, address_mode: service?.address_mode }).toEqual({
      port: undefined,
      address_mode: undefined,
      ...address,
    })
  })

  it('labels have no dashes, since they become NOMAD_PORT_label', () => {
    const ports = { 'web-ui': { container: 80, publish: 'inner-net:8080' }, x: 81 }
    expect(groupOf(serviceIn({}, { ports })).network?.[0]?.port).toEqual({
      web_ui: { to: 80 },
      web_ui_inner_net: { static: 8080, to: 80, host_network: 'inner-net' },
      x: { to: 81 },
    })
  })

  it('without networks a job has none, and no ports', () => {
    expect(groupOf(serviceIn({}, { networks: [] })).network).toEqual([{ mode: 'none' }])
  })

  it('without ports: a bridge all the same, but nothing where the node or docker has it', () => {
    expect(groupOf(serviceIn({})).network).toEqual([{ mode: 'bridge' }])
    expect(groupOf(serviceIn({ cluster: { isolation: 'docker' } })).network).toBeUndefined()
  })
})

describe('docker networks', () => {
  const cluster = { isolation: 'docker' }

  it('a job lives in the first of its networks, under its own name', () => {
    const { config } = taskOf(
      serviceIn({ cluster }, { networks: ['b', 'a'], sidecars: { s: { image: 's:1' } } }),
    )
    expect(config).toMatchObject({ network_mode: 'shop_b', network_aliases: ['it'] })
    const sidecar = taskOf(
      serviceIn({ cluster }, { networks: ['b'], sidecars: { s: { image: 's:1' } } }),
      's',
    )
    expect(sidecar.config).toEqual({ image: 's:1', network_mode: 'shop_b' })
  })

  it('a port that is dialled from another network is mapped to the node', () => {
    const dials = (networks: string[]) =>
      serviceIn(
        {
          cluster,
          services: { caller: { image: 'c:1', networks, env: { A: { service: 'it', port: 'q' } } } },
        },
        { networks: ['b'], ports: { p: 80, q: 81 } },
      )
    expect(taskOf(dials(['b', 'x'])).config?.ports).toBeUndefined()
    expect(taskOf(dials(['x', 'b'])).config?.ports).toEqual(['q'])
    expect(servicesOf(dials(['x', 'b'])).map(({ address_mode }) => address_mode)).toEqual(['driver', 'host'])
  })

  it('services belong to the task, and with them the delay before the stop', () => {
    const group = groupOf(
      serviceIn({ cluster }, { ports: { p: 80 }, checks: [{ type: 'script', command: 'x' }] }),
    )
    expect(group.service).toBeUndefined()
    expect(group.shutdown_delay).toBeUndefined()
    expect(group.task?.it?.shutdown_delay).toBe('5s')
    expect(group.task?.it?.service?.[0]?.check?.[0]?.task).toBeUndefined()
  })
})

describe('host names', () => {
  it.each([
    ['bridge', {}, {}, 'hal', undefined],
    ['none', {}, { networks: [] }, 'hal', undefined],
    ['docker', { isolation: 'docker' }, { ports: { p: 80 } }, undefined, 'hal'],
  ])('%s: in the network block or in the container', (_, cluster, more, inNetwork, inConfig) => {
    const written = serviceIn({ cluster }, { hostname: 'hal', ...more })
    expect(groupOf(written).network?.[0]?.hostname).toBe(inNetwork)
    expect(taskOf(written).config?.hostname).toBe(inConfig)
  })
})
