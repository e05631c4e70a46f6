import type { Image } from '../helpers/docker.ts'
import type { ImageFiles } from '../helpers/image-folder.ts'

const SHELL_PROGRAMS = [
  'sh',
  'sleep',
  'cat',
  'env',
  'ls',
  'test',
  'true',
  'false',
  'echo',
  'id',
  'wget',
  'httpd',
  'nc',
]

/** A shell and a few programs, all of Debian's static busybox. */
const BUSYBOX: ImageFiles = {
  '/bin/busybox': { program: '/bin/busybox' },
  ...Object.fromEntries(SHELL_PROGRAMS.map((name) => [`/bin/${name}`, { link: 'busybox' }])),
  '/etc/passwd': { text: 'root:x:0:0:root:/:/bin/sh\n' },
  '/tmp': { folder: true },
}

/** Sleeps for ever; holds the network of an allocation in bridge mode. */
export const pauseImage: Image = { files: BUSYBOX, changes: ['ENTRYPOINT ["/bin/sleep", "infinity"]'] }

/** Debian's redis-server and redis-cli, laid out as the official image: command and data folder are the same. */
export const redisImage: Image = {
  files: {
    ...BUSYBOX,
    // Debian's redis-server is one program under several names.
    '/usr/local/bin/redis-server': { program: '/usr/bin/redis-server' },
    '/usr/local/bin/redis-cli': { program: '/usr/bin/redis-cli' },
    '/data': { folder: true },
  },
  changes: ['ENV PATH=/usr/local/bin:/usr/bin:/bin', 'WORKDIR /data', 'CMD ["redis-server"]'],
}
