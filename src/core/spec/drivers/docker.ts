import { z } from '../../zod.ts'
import { type Driver, lazily } from './driver.ts'
import { flag, portMap, text, textMap, texts, whole } from './fields.ts'

const auth = z.strictObject({
  username: text('User at the registry.'),
  password: text('Password at the registry; better kept in the client’s own docker configuration.'),
  email: text('E-mail address that some old registries want.'),
  server_address: text('Registry that the login is for; default Docker Hub.'),
})

const device = z.strictObject({
  host_path: text('Device on the node.'),
  container_path: text('Where the container sees it; default the same path.'),
  cgroup_permissions: text('Any of r (read), w (write) and m (mknod); default rwm.'),
})

const mount = z.strictObject({
  type: z.enum(['bind', 'volume', 'tmpfs']).describe('What is mounted; default volume.').optional(),
  target: text('Path inside the container.'),
  source: text('Volume name, or path; a relative path is inside the task’s directory.'),
  readonly: flag('Refuse writes.'),
  bind_options: z
    .strictObject({ propagation: text('How mounts below it spread: private, rshared, rslave ...') })
    .describe('Only with type bind.')
    .optional(),
  tmpfs_options: z
    .strictObject({
      size: whole('Bytes at most; counts towards the memory of the task.'),
      mode: whole('Permissions as a decimal number: 1777 octal is 1023.'),
    })
    .describe('Only with type tmpfs.')
    .optional(),
  volume_options: z
    .strictObject({
      no_copy: flag('Leave a new volume empty instead of filling it from the image.'),
      labels: textMap('Labels of a volume that is created.'),
      driver_config: z
        .strictObject({ name: text('Volume driver.'), options: textMap('Options of the volume driver.') })
        .describe('Driver that creates the volume.')
        .optional(),
    })
    .describe('Only with type volume.')
    .optional(),
})

const logging = z.strictObject({
  type: text('Log driver; another name for driver.'),
  driver: text('Log driver such as json-file, journald or syslog.'),
  config: textMap('Options of the log driver, for instance max-size and max-file.'),
})

const config = lazily(() =>
  z.strictObject({
    image: z.string().min(1).describe('Image with tag or digest.'),
    advertise_ipv6_address: flag('Announce the container’s IPv6 address in services.'),
    args: texts('Arguments after the command, or after the image’s entrypoint when there is no command.'),
    auth: auth.describe('Login at the registry.').optional(),
    auth_soft_fail: flag('Try to pull without login when the login helper fails.'),
    cap_add: texts('Linux capabilities to add, out of those that the client allows.'),
    cap_drop: texts('Linux capabilities to take away.'),
    cgroupns: z.enum(['host', 'private']).describe('Name space of control groups.').optional(),
    command: text('Program to run in place of the image’s command.'),
    container_exists_attempts: whole('Tries to remove an old container of the same name.'),
    cpu_cfs_period: whole('Length of a cpu accounting period in microseconds, 1000 to 1000000.'),
    cpu_hard_limit: flag(
      'Never use more than the cpu asked for; without it that is a share under load only.',
    ),
    cpuset_cpus: text('Without effect in today’s Nomad: use cores in the resources.'),
    devices: z.array(device).describe('Devices of the node that the container may use.').optional(),
    dns_options: texts('Options for the resolver.'),
    dns_search_domains: texts('Domains that short names are tried in.'),
    dns_servers: texts('Name servers.'),
    entrypoint: texts('Replaces the entrypoint of the image.'),
    extra_hosts: texts('Entries for the hosts file, each "name:address".'),
    force_pull: flag('Pull even when the node has the image; for tags that move.'),
    group_add: texts('Further groups of the user.'),
    healthchecks: z
      .strictObject({ disable: flag('Do not run the health check that is built into the image.') })
      .describe('Health check of the image.')
      .optional(),
    hostname: text('Host name inside the container; not in bridge mode.'),
    image_pull_timeout: text('How long a pull may take, default 5m.'),
    init: flag('Run a small init as process 1 that reaps zombies and passes signals on.'),
    interactive: flag('Keep standard input open.'),
    ipc_mode: text('Name space for shared memory: private, host or another container’s.'),
    ipv4_address: text('Fixed IPv4 address on a network of one’s own.'),
    ipv6_address: text('Fixed IPv6 address on a network of one’s own.'),
    isolation: text('Windows only: hyperv or process.'),
    labels: textMap('Labels of the container.'),
    load: text('Image archive in the task’s directory to load instead of pulling.'),
    logging: logging.describe('Where the container’s output goes.').optional(),
    mac_address: text('Fixed MAC address.'),
    memory_hard_limit: whole('MB that the container may grow to; memory_max of the resources is preferred.'),
    mount: z.array(mount).describe('Volumes, paths and memory disks.').optional(),
    mounts: z.array(mount).describe('Old name of mount.').optional(),
    network_aliases: texts('Further names on a docker network of one’s own.'),
    network_mode: text('Docker network, or host, none, bridge; empty where the group has a bridge network.'),
    oom_score_adj: whole('How eagerly the kernel kills this task when memory runs out; 0 or more.'),
    pid_mode: text('host: see the processes of the node.'),
    pids_limit: whole('Processes and threads at most.'),
    port_map: portMap('Old way to map ports; use ports.'),
    ports: texts('Labels of the group’s ports that the container gets.'),
    privileged: flag('All rights on the node; the client must allow it.'),
    readonly_rootfs: flag('Mount the image read-only.'),
    runtime: text('OCI runtime such as runc, nvidia or runsc.'),
    security_opt: texts('Options such as no-new-privileges:true or seccomp=FILE.'),
    shm_size: whole('Bytes of /dev/shm.'),
    storage_opt: textMap('Options of the storage driver, for instance size.'),
    sysctl: textMap('Kernel settings of the container.'),
    tty: flag('Give the container a terminal.'),
    ulimit: textMap('Limits such as nofile = "65536" or "soft:hard".'),
    userns_mode: text('host: do not map users.'),
    uts_mode: text('host: share the node’s host name.'),
    volume_driver: text('Volume driver for volumes.'),
    volumes: texts('Mounts "source:target[:options]"; paths of the node need volumes enabled in the client.'),
    work_dir: text('Directory that the command starts in.'),
  }),
)

export const docker: Driver = { name: 'docker', config }
