import { type Files, STACK } from './in-folder.ts'

/** A stack of one service, from the lines under it. */
const api = (lines: string) =>
  `name: shop\nservices:\n  api:\n    image: a:1\n    checks: [{ type: script, command: x }]\n${lines.replace(/^(?=.)/gm, '    ')}\n`
/** The same, and a second one that has the lines. */
export const two = (lines: string) =>
  `${api('ports: { p: 80 }')}  web:\n    image: w:1\n    checks: [{ type: script, command: x }]\n${lines.replace(/^(?=.)/gm, '    ')}\n`
const bomb = `name: shop\na: &a [x, x]\n${'bcdefghijklmnopqrst'.replace(/./g, (name, index: number) => `${name}: &${name} [*${'abcdefghijklmnopqrs'[index]}, *${'abcdefghijklmnopqrs'[index]}]\n`)}`

export interface Case {
  readonly files: Files
  readonly line?: string
  readonly code: 2 | 3 | 4
  /** Every line that is printed, as it is or as a pattern; the folder is taken out. */
  readonly lines: readonly (string | RegExp)[]
}

const stack = (text: string | Buffer, ...lines: Case['lines']): Case => ({
  files: { 'stack.yml': text },
  code: 3,
  lines: ['drover: stack.yml has an error', ...lines, '1 error'],
})
const usage = (line: string, message: string | RegExp, files: Files = { 'stack.yml': STACK }): Case => ({
  files,
  line,
  code: 2,
  lines: [message],
})

/** What a user may get wrong, and what is told. */
export const CASES: Record<string, Case> = {
  'YAML syntax: a bracket': stack('name: shop\nservices: { api: [\n', /^stack\.yml:2:\d+ .*/),
  'YAML syntax: a tab': stack('name: shop\nservices:\n\tapi:\n', /^stack\.yml:3:1 .*tab/i),
  'a key twice': stack(
    'name: shop\nservices:\n  api: { image: a:1 }\n  api: { image: b:1 }\n',
    /^stack\.yml:4:3 services\.api: .*(?:twice|already|duplicate)/i,
  ),
  'an unknown key': stack(
    api('chekcs: []'),
    'stack.yml:6:5 services.api.chekcs: unknown key "chekcs" (did you mean "checks"?)',
  ),
  'an unknown key at the top': stack(
    'name: shop\nservice: {}\n',
    'stack.yml:2:1 service: unknown key "service" (did you mean "services"?)',
  ),
  'a wrong type': stack(
    api('count: two'),
    'stack.yml:6:12 services.api.count: expected a number, got the text "two"',
  ),
  'a list for a map': stack(
    'name: shop\nservices: []\n',
    /^stack\.yml:2:1 services: expected a map, got a list/,
  ),
  'no name': stack('services: {}\n', /^stack\.yml:1:1 name: .*(?:missing|required|expected)/),
  'a name that nothing takes': stack(
    'name: My Shop\n',
    /^stack\.yml:1:7 name: must be 1 to 63 lower-case letters/,
  ),
  'an unknown environment': stack(
    api('env_from: [base]'),
    'stack.yml:6:16 services.api.env_from[0]: no environment "base" in environments (there are none)',
  ),
  'an unknown secret': stack(
    api('env: { A: { secret: s } }'),
    /^stack\.yml:6:\d+ services\.api\.env\.A.*: .*"s"/,
  ),
  'an unknown service': stack(
    api('env: { A: { service: dbb } }'),
    /^stack\.yml:6:\d+ services\.api\.env\.A.*: .*"dbb"/,
  ),
  'an unknown volume': stack(
    api('volumes: [{ volume: v, to: /v }]'),
    /^stack\.yml:6:\d+ services\.api\.volumes\[0\].*: .*"v"/,
  ),
  'an unknown network': stack(api('networks: [n]'), /^stack\.yml:6:\d+ services\.api\.networks\[0\]: .*"n"/),
  'an unknown dependency': stack(
    two('depends_on: [apj]'),
    'stack.yml:10:18 services.web.depends_on[0]: no job "apj" in this stack (did you mean "api"?)',
  ),
  'a name in two sections': stack(
    `${api('')}batch:\n  api: { image: b:1 }\n`,
    'stack.yml:8:3 batch.api: the name "api" is taken by services.api (rename one of the two)',
  ),
  'a port twice': stack(
    two('ports: { p: 80, q: 80 }'),
    /^stack\.yml:10:\d+ services\.web\.ports\.q: the port 80 is already named "p"/,
  ),
  'a published port twice': stack(
    `name: shop\nservices:\n  a: { image: a:1, checks: [{ type: tcp }], ports: { p: { container: 80, publish: 8080 } } }\n  b: { image: b:1, checks: [{ type: tcp }], ports: { p: { container: 80, publish: 8080 } } }\n`,
    'stack.yml:4:83 services.b.ports.p.publish: the port 8080 is already taken by the port p of a (publish another port)',
  ),
  'a cycle, which is printed': stack(
    `name: shop\nsilence: { no-check: x }\nservices:\n  a: { image: a:1, ports: { p: 1 }, depends_on: [b] }\n  b: { image: a:1, ports: { p: 1 }, depends_on: [c] }\n  c: { image: a:1, ports: { p: 1 }, depends_on: [a] }\n`,
    /^stack\.yml:\d+:\d+ .*a → b → c → a/,
  ),
  'min above max': stack(
    'name: shop\nworkers:\n  w: { image: a:1, queues: [q], scale: { min: 3, max: 2 } }\n',
    /^stack\.yml:3:\d+ workers\.w\.scale\.m(?:in|ax): .*3.*2/,
  ),
  'no cpu': stack(
    api('resources: { cpu: 0 }'),
    'stack.yml:6:23 services.api.resources.cpu: must be above 0, got 0',
  ),
  'negative cpu': stack(
    api('resources: { cpu_reservation: -1 }'),
    'stack.yml:6:35 services.api.resources.cpu_reservation: must be above 0, got -1',
  ),
  'no memory': stack(
    api('resources: { memory: 0MB }'),
    /^stack\.yml:6:26 services\.api\.resources\.memory: must be at least 10MB/,
  ),
  'a reservation above the limit': stack(
    api('resources: { cpu: 1, cpu_reservation: 2 }'),
    'stack.yml:6:43 services.api.resources.cpu_reservation: 2 cores are reserved, above the limit of 1 (lower the reservation, or raise the limit)',
  ),
  'a memory reservation above the limit': stack(
    api('resources: { memory: 1GB, memory_reservation: 2GB }'),
    /^stack\.yml:6:51 services\.api\.resources\.memory_reservation: 2GB is reserved, above the limit of 1GB/,
  ),
  'a bad duration': stack(
    api('kill_timeout: 5 minutes'),
    'stack.yml:6:19 services.api.kill_timeout: must be a duration such as "30s", "5m" or "1h30m", got "5 minutes"',
  ),
  'a duration beyond all bounds': stack(
    api('kill_timeout: 9999999h'),
    /^stack\.yml:6:19 services\.api\.kill_timeout: must not be longer than 292 years/,
  ),
  'a bad size': stack(
    api('resources: { memory: 2gb }'),
    /^stack\.yml:6:26 services\.api\.resources\.memory: must be a size/,
  ),
  'a bad port': stack(
    api('ports: { p: { container: 80, publish: "127.0.0.1:99999" } }'),
    /^stack\.yml:6:\d+ services\.api\.ports\.p\.publish: must be /,
  ),
  'a missing embedded file': stack(
    api('files: { /x: { source: conf/x } }'),
    /^stack\.yml:6:28 services\.api\.files\["\/x"\]\.source: conf\/x does not exist/,
  ),
  'an unknown key of docker': stack(
    api('config: { securty_opt: [x] }'),
    /^stack\.yml:6:15 services\.api\.config\.securty_opt: .*security_opt/,
  ),
  'an alias bomb': {
    files: { 'stack.yml': bomb },
    code: 3,
    lines: [/^drover: stack\.yml has/, /^stack\.yml:\d+:\d+ .*alias/i, /error/],
  },
  'an empty file': {
    files: { 'stack.yml': '' },
    code: 3,
    lines: ['drover: stack.yml is empty. Is it the right file?'],
  },
  'comments only': {
    files: { 'stack.yml': '# nothing\n' },
    code: 3,
    lines: [/^drover: stack\.yml /, /^stack\.yml:\d+:\d+ .*/, '1 error'],
  },
  'not UTF-8': {
    files: { 'stack.yml': Buffer.from('name: \xe9\n', 'latin1') },
    code: 3,
    lines: ['drover: stack.yml:1 is not UTF-8: byte 6 is 0xe9. Save the file as UTF-8.'],
  },
  'UTF-16': {
    files: { 'stack.yml': Buffer.from('\ufeffname: shop\n', 'utf16le') },
    code: 3,
    lines: [/^drover: stack\.yml:1 holds a zero byte .*UTF-16/],
  },
  'a file of 10 MB': {
    files: { 'stack.yml': `name: shop\n${'# x\n'.repeat(2_600_000)}` },
    code: 2,
    lines: [/^drover: stack\.yml is larger than 2 MB/],
  },
  'no file': usage(
    'render',
    'drover: stack.yml does not exist. Check the name, or create it with "drover init".',
    {},
  ),
  'another that is not there': usage('render --stack no/such.yml', /^drover: no\/such\.yml does not exist/),
  'a folder': usage('render --stack .', /^drover: .* is a directory, not a file\. Name a file in it\.$/),
  'an unknown --env': usage(
    'render --env prd',
    'drover: there is no environment prd: stack.prd.yml does not exist. The environments are prod.',
    { 'stack.yml': STACK, 'stack.prod.yml': '' },
  ),
  'an unknown --job': usage(
    'render --job api --job apj',
    'drover: there is no job apj without --profile. Among those given there is: api.',
  ),
  'a job of another profile': usage('render --job tidy', /^drover: there is no job tidy without --profile/),
  'an unknown --profile': usage(
    'render --profile tool',
    'drover: no job has the profile tool. The profiles are tools.',
  ),
  'an unknown --profile of graph': usage('graph --profile tool', /^drover: no job has the profile tool/),
  'an unknown --profile of cost': usage('cost --profile tool', /^drover: no job has the profile tool/),
  'flags that exclude each other': usage(
    'render --check --stdout --watch',
    'drover: --check and --stdout and --watch exclude each other. Give one of them.',
  ),
  'an unknown flag': usage('render --chek', /^drover: unknown option --chek \(did you mean --check\?\)/),
  'an unknown format': usage('render --format yaml', /^drover: --format cannot be "yaml"/),
  'no template folder': usage('render --templates nope', /^drover: cannot read the template folder nope/),
  'an output folder that is a file': usage(
    'render --out out',
    'drover: cannot read out: it is, or lies in, a file. Give --out a folder.',
    { 'stack.yml': STACK, out: '' },
  ),
  'an output folder in a file': usage(
    'render --out out/in',
    /^drover: cannot write out\/in\/db\.nomad\.hcl: it is, or lies in, a file/,
    { 'stack.yml': STACK, out: '' },
  ),
  'a job that somebody else wrote': usage(
    'render',
    /^drover: jobs\/db\.nomad\.hcl was not written by drover; nothing was written/,
    { 'stack.yml': STACK, 'jobs/db.nomad.hcl': 'job "db" {}\n' },
  ),
  'a job of another stack': usage(
    'render --check',
    /^drover: jobs\/db\.nomad\.hcl was rendered from the stack other, not shop/,
    {
      'stack.yml': STACK,
      'jobs/db.nomad.hcl': '# Rendered by drover from the stack other. Edit its stack file, not this one.\n',
    },
  ),
  'a template with bad syntax': {
    files: { 'stack.yml': STACK, 'own/service.hbs': 'job {{q id}} {\n{{#each}\n' },
    line: 'render --templates own',
    code: 4,
    lines: ['drover: templates have syntax errors', /^own\/service\.hbs:2:/, '1 error'],
  },
  'a template that throws': {
    files: { 'stack.yml': STACK, 'own/partials/task.hbs': 'task {{q label}} {\n{{q nope}}\n}\n' },
    line: 'render --templates own',
    code: 4,
    lines: ['drover: job db: template partials/task, line 2: {{q}} has nothing to print'],
  },
  'a template of no kind': {
    files: { 'stack.yml': STACK, 'own/servce.hbs': '' },
    line: 'render --templates own',
    code: 2,
    lines: [/^drover: own holds templates that no job would use/, /^own\/servce\.hbs:1:1 /, '1 error'],
  },
}
