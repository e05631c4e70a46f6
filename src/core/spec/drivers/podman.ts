import { z } from '../../zod.ts'
import { type Driver, lazily } from './driver.ts'
import { flag, portMap, text, textMap, texts, whole } from './fields.ts'

const auth = z.strictObject({
  username: text('User at the registry.'),
  password: text('Password at the registry.'),
  tls_verify: flag('Check the registry’s certificate; default true.'),
})

const config = lazily(() =>
  z.strictObject({
    image: z
      .string()
      .min(1)
      .describe('Image with registry and tag, or a transport such as oci-archive:PATH.'),
    apparmor_profile: text('AppArmor profile, or unconfined.'),
    arch: text('Architecture of the image to pull, where it is not the node’s.'),
    args: texts('Arguments after the command, or after the image’s entrypoint when there is no command.'),
    auth: auth.describe('Login at the registry.').optional(),
    auth_soft_fail: flag('Pull without login when the login fails.'),
    cap_add: texts('Linux capabilities to add.'),
    cap_drop: texts('Linux capabilities to take away.'),
    command: text('Program to run in place of the image’s command.'),
    cpu_cfs_period: whole('Length of a cpu accounting period in microseconds, 1000 to 1000000.'),
    cpu_hard_limit: flag('Never use more than the cpu asked for.'),
    devices: texts('Devices of the node, each "host[:container[:permissions]]".'),
    entrypoint: z
      .union([z.array(z.string()), z.string()])
      .describe('Replaces the entrypoint of the image; a single text is the old form.')
      .optional(),
    extra_hosts: texts('Entries for the hosts file, each "name:address".'),
    force_pull: flag('Pull even when the node has the image; for tags that move.'),
    hostname: text('Host name inside the container; not in bridge mode.'),
    image_pull_timeout: text('How long a pull may take, default 5m.'),
    init: flag('Run a small init as process 1 that reaps zombies and passes signals on.'),
    init_path: text('Program that is used as init.'),
    ipc_mode: text('Name space for shared memory: private, host, none or another container’s.'),
    ipv4_address: text('Fixed IPv4 address on a podman network.'),
    ipv6_address: text('Fixed IPv6 address on a podman network.'),
    labels: textMap('Labels of the container.'),
    logging: z
      .strictObject({
        driver: text('nomad or journald; default that of the client.'),
        options: textMap('Options of the log driver.'),
      })
      .describe('Where the container’s output goes.')
      .optional(),
    memory_reservation: text('Soft memory limit with a unit: 100m.'),
    memory_swap: text('Memory and swap together, with a unit; -1: no limit.'),
    memory_swappiness: whole('Leaning to swap, 0 to 100.'),
    network_mode: text('bridge, host, none, slirp4netns, pasta, a network’s name, or task:NAME.'),
    oom_score_adj: whole('How eagerly the kernel kills this task when memory runs out.'),
    os: text('Operating system of the image to pull, where it is not the node’s.'),
    pids_limit: whole('Processes and threads at most.'),
    port_map: portMap('Old way to map ports; use ports.'),
    ports: texts('Labels of the group’s ports that the container gets.'),
    privileged: flag('All rights that podman’s own user has.'),
    readonly_rootfs: flag('Mount the image read-only.'),
    security_opt: texts('Options such as no-new-privileges.'),
    selinux_opts: texts('SELinux labels of the process, such as type:NAME.'),
    shm_size: text('Size of /dev/shm with a unit: 64m.'),
    socket: text('Name of the podman socket of the client to use; default default.'),
    static_ips: texts('Fixed addresses on the podman network.'),
    static_mac: text('Fixed MAC address.'),
    sysctl: textMap('Kernel settings of the container.'),
    tmpfs: texts('Memory disks, each "path[:options]", for instance /tmp:size=64m,mode=1777.'),
    tty: flag('Give the container a terminal.'),
    ulimit: textMap('Limits such as nofile = "65536" or "soft:hard".'),
    userns: text('Mapping of users: keep-id, auto, host ...'),
    variant: text('Variant of the architecture to pull, such as v7.'),
    volumes: texts('Mounts "source:target[:options]", of paths or volumes.'),
    working_dir: text('Directory that the command starts in.'),
  }),
)

export const podman: Driver = { name: 'podman', config }
