import { compact } from '../compact.ts'
import type { DocumentPath } from '../issue.ts'
import type { Sourced } from './model.ts'
import { type ComposeNode, isNull } from './node.ts'
import { readCommand, readHealthTest } from './read-command.ts'
import { readCount, readDeploy, readResources } from './read-deploy.ts'
import { readDependencies, readRestart, readServiceNetworks, readUlimits } from './read-forms.ts'
import { readFileMounts, readMounts, readTmpfs } from './read-mounts.ts'
import { readPorts } from './read-ports.ts'
import { type MapReader, type ReaderContext, readerOf } from './reader.ts'
import type { ComposeBuild, ComposeHealthcheck, ComposeService } from './service.ts'

/** Reads one merged service. Values that do not fit are reported and left out. */
export function readService(name: string, node: ComposeNode, context: ReaderContext): ComposeService {
  const path: DocumentPath = ['services', name]
  const service = readerOf(node, path, context)
  const { text, flag, texts, pairs } = service
  const resolved = (key: string): Sourced<string>[] => service.list(key, (item) => item.text)
  return {
    name,
    position: node.position,
    ...compact({ comment: node.comment }),
    ...compact({
      image: text('image'),
      build: readBuild(service),
      pullPolicy: text('pull_policy'),
      platform: text('platform'),
      containerName: text('container_name'),
      command: readCommand(service, 'command', context),
      entrypoint: readCommand(service, 'entrypoint', context),
      workingDir: text('working_dir'),
      user: text('user'),
      hostname: text('hostname'),
      domainname: text('domainname'),
      init: flag('init'),
      tty: flag('tty'),
      stdinOpen: flag('stdin_open'),
      networks: readServiceNetworks(service),
      networkMode: text('network_mode'),
      macAddress: text('mac_address'),
      readOnly: flag('read_only'),
      shmSizeBytes: service.bytes('shm_size'),
      healthcheck: readHealthcheck(service, context),
      restart: readRestart(service),
      stopGracePeriodMs: service.durationMs('stop_grace_period'),
      stopSignal: text('stop_signal'),
      count: readCount(service),
      logging: readLogging(service),
      privileged: flag('privileged'),
      pid: text('pid'),
      ipc: text('ipc'),
      uts: text('uts'),
      usernsMode: text('userns_mode'),
      cgroup: text('cgroup'),
      cgroupParent: text('cgroup_parent'),
      runtime: text('runtime'),
      isolation: text('isolation'),
      oomScoreAdj: service.number('oom_score_adj'),
    }),
    profiles: resolved('profiles'),
    environment: pairs('environment'),
    envFiles: service.list('env_file', ({ map }) => ({
      path: map.word('path')?.value ?? '',
      required: map.flag('required')?.value ?? true,
    })),
    groupAdd: resolved('group_add'),
    ports: readPorts(service),
    expose: resolved('expose'),
    dns: texts('dns'),
    dnsSearch: texts('dns_search'),
    dnsOptions: texts('dns_opt'),
    extraHosts: texts('extra_hosts'),
    links: texts('links'),
    volumes: readMounts(service),
    tmpfs: readTmpfs(service),
    secrets: readFileMounts(service, 'secrets', '/run/secrets/'),
    configs: readFileMounts(service, 'configs', '/'),
    devices: texts('devices'),
    dependsOn: readDependencies(service),
    deploy: readDeploy(service),
    resources: readResources(service),
    labels: pairs('labels'),
    annotations: pairs('annotations'),
    capAdd: texts('cap_add'),
    capDrop: texts('cap_drop'),
    securityOpt: texts('security_opt'),
    ulimits: readUlimits(service),
    sysctls: pairs('sysctls'),
  }
}

function readBuild(service: MapReader): ComposeBuild | undefined {
  const { node, text, pairs } = service.child('build')
  if (!node || isNull(node)) return undefined
  const texts = { context: text('context'), dockerfile: text('dockerfile'), target: text('target') }
  return { position: node.position, ...compact(texts), args: pairs('args') }
}

function readHealthcheck(service: MapReader, context: ReaderContext): ComposeHealthcheck | undefined {
  const healthcheck = service.child('healthcheck')
  const { node, durationMs } = healthcheck
  if (!node) return undefined
  return {
    position: node.position,
    ...compact({
      comment: node.comment,
      test: readHealthTest(healthcheck, context),
      intervalMs: durationMs('interval'),
      timeoutMs: durationMs('timeout'),
      retries: healthcheck.number('retries'),
      startPeriodMs: durationMs('start_period'),
      startIntervalMs: durationMs('start_interval'),
      disable: healthcheck.flag('disable'),
    }),
  }
}

function readLogging(service: MapReader): ComposeService['logging'] | undefined {
  const logging = service.child('logging')
  if (!logging.node) return undefined
  return { ...compact({ driver: logging.text('driver') }), options: logging.pairs('options') }
}
