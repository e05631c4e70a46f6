/** Why keys of compose have no counterpart in a stack. Keys that a job has taken over are not looked up here. */
const REASONS: readonly (readonly [keys: RegExp, why: string])[] = [
  [/^container_name$/, 'Nomad names containers TASK-ALLOCATION'],
  [/^annotations/, 'containers of Nomad have no annotations'],
  [/^attach$/, 'is about the terminal of docker compose'],
  [/^blkio_config/, "Nomad's docker driver does not limit block devices"],
  [
    /^(?:cpu_(?:count|percent|period|quota|rt_period|rt_runtime))$/,
    'resources.cpu and cpu_hard_limit say how much cpu a task gets',
  ],
  [/^(?:cgroup_parent)$/, 'Nomad has control groups of its own'],
  [/^credential_spec/, 'Windows accounts are not part of a stack'],
  [/^(?:develop)/, 'is about building and syncing while you edit'],
  [/^device_cgroup_rules/, "Nomad's docker driver has no such rules"],
  [
    /^(?:dns|dns_search|dns_opt)/,
    'name servers belong to the network of the job: patch them in with x-nomad',
  ],
  [/^domainname$/, "Nomad's docker driver sets no domain name"],
  [
    /^deploy\.resources\.reservations\.(?:devices|generic_resources)/,
    'devices are asked for by device blocks: patch them in with x-nomad',
  ],
  [/^(?:gpus)/, 'devices are asked for by device blocks: patch them in with x-nomad'],
  [/^(?:label_file)/, 'write the labels into `labels`'],
  [/^(?:mac_address|networks\..*\.mac_address)/, 'addresses are up to Nomad'],
  [
    /^(?:mem_swappiness|oom_kill_disable)/,
    'tasks of Nomad get no swap, and are killed when they use more memory than they may',
  ],
  [/^(?:models|provider|use_api_socket)/, 'is a service of docker itself'],
  [
    /^(?:post_start|pre_stop)/,
    'commands around the start are init tasks and sidecars: write them into `init`',
  ],
  [/^(?:storage_opt)/, 'goes to the driver: write it into `config`'],
  [/^(?:volumes_from)/, 'mount the same volumes by name'],
  [/^(?:external_links|links)/, 'addresses come from Consul'],
  [/^(?:networks\..*\.(?:ipam|enable_ipv[46]))/, 'addresses are up to Nomad'],
  [/^(?:secrets|configs)\./, 'no service mounts it'],
  [/^env_file/, 'it has no variables, or others are set over all of them'],
  [/^pull_refresh_after/, 'Nomad pulls an image that the node does not have, or always'],
  [/^driver_opts/, 'a job has no network driver of its own'],
]

/** Parts of something that is taken over, which are not taken over with it. */
const APART: readonly (readonly [keys: RegExp, why: string])[] = [
  [/^networks\..+\.(?:link_local_ips|mac_address|ipam|enable_ipv[46])/, 'addresses are up to Nomad'],
  [
    /^networks\..+\.(?:driver_opts|gw_priority|interface_name|priority)/,
    'a job joins a network, and that is all',
  ],
  [/^ports\[\d+\]\.app_protocol$/, 'Nomad does not look at what a port speaks'],
  [
    /^volumes\[\d+\]\.(?:bind\.(?:create_host_path|recursive)|consistency|volume\.labels)/,
    'a mount of a stack has no such option',
  ],
  [
    /^env_file\[\d+\]\.(?:format|required)$/,
    'the variables of the file are in the stack, and the file is not needed any more',
  ],
  [
    /^build\.(?!context$|dockerfile$|target$|args)/,
    'how the image is built stays in the compose file: Nomad does not build',
  ],
]

/** The reason for a key that the verdict on the key around it does not cover. */
export function whyApart(key: string): string | undefined {
  return APART.find(([form]) => form.test(key))?.[1]
}

/** The reason for a key; every key has one. */
export function whyUnmapped(key: string): string {
  return REASONS.find(([form]) => form.test(key))?.[1] ?? 'a stack has no key for it'
}
