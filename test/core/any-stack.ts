import fc from 'fast-check'
import { aStack } from '../helpers/a-stack.ts'

const T = { image: 'a:1' }

/** Everything that has ever hurt a template language, beside plain text. */
const PIECES = [
  '"',
  "'",
  '\\',
  '\\n',
  '${',
  '%{',
  '$${',
  '%%{',
  '$$${',
  '${NOMAD_ALLOC_ID}',
  '${env["X"]}',
  '%{ if x }',
  '}',
  '{{',
  '}}',
  '{{ env "X" }}',
  '{{-',
  '[[',
  '<<EOT',
  '\nEOT\n',
  'EOT',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '#',
  '//',
  '/*',
  '*/',
  '=',
  '<',
  '&',
  'é',
  'e\u0301',
  'ß',
  '日本',
  '👩‍👧',
  '\u200b',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\u0007',
  '\u007f',
  '\u0085',
  'a',
]
const anyText = fc
  .oneof(
    {
      weight: 3,
      arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map((pieces) => pieces.join('')),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  )
  .map((text) => text.replaceAll('\0', ''))
const someText = anyText.map((text) => `t${text}`)
/** Keys that stay different once their accents are composed. */
const keys = (of: fc.Arbitrary<string>) =>
  fc.uniqueArray(of, { minLength: 1, maxLength: 3, selector: (key) => key.normalize('NFC') })
const texts = (of = anyText) => fc.array(of, { minLength: 1, maxLength: 3 })
const map = (key: fc.Arbitrary<string>, value = anyText) =>
  fc
    .tuple(keys(key), fc.array(value, { minLength: 3, maxLength: 3 }))
    .map(([names, values]) => Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])))

const anyService = fc.record({
  image: someText,
  description: anyText,
  entrypoint: texts(),
  command: fc.tuple(someText, texts()).map(([first, rest]) => [first, ...rest, [...rest, { secret: 's' }]]),
  user: someText,
  work_dir: someText,
  hostname: someText,
  env: fc
    .tuple(map(fc.constantFrom('A', 'B', '_c')), anyText, anyText)
    .map(([plain, left, right]) => ({ ...plain, S: [left, { secret: 's' }, right, { service: 'db' }] })),
  files: fc
    .tuple(keys(anyText), anyText, anyText)
    .map(([names, left, right]) =>
      Object.fromEntries(
        names.map((name, index) => [
          `/f/${index}${name}`,
          index === 0 ? { content: left } : { content: `${left}@S@${right}`, values: { S: { secret: 's' } } },
        ]),
      ),
    ),
  volumes: texts().map((names) =>
    names.map((name, index) => ({ host: `/h${name}`, to: `/${index}${name}` })),
  ),
  tmpfs: map(anyText).map((entries) =>
    Object.fromEntries(Object.keys(entries).map((to) => [`/tmp${to}`, { size: '1MB' }])),
  ),
  security_opt: texts(someText),
  cap_add: texts(someText),
  ulimits: map(someText).map((entries) => Object.fromEntries(Object.keys(entries).map((key) => [key, 1]))),
  labels: map(someText),
  meta: map(someText),
  tags: texts(someText),
  datacenters: texts(someText),
  node_pool: someText,
  constraints: fc.tuple(someText, anyText).map(([attribute, value]) => [{ attribute, value }]),
  affinities: fc
    .tuple(someText, anyText)
    .map(([attribute, value]) => [{ attribute, operator: 'regexp', value }]),
  // The parser answers with labels as they are, not as templates: its helper would undo an escape too many.
  spread: fc
    .tuple(someText, keys(someText.map((text) => text.replace(/[$%]+\{/g, '{'))))
    .map(([attribute, zones]) => [
      { attribute, targets: Object.fromEntries(zones.map((zone) => [zone, 5])) },
    ]),
  ports: fc.constant({ p: 80 }),
  checks: fc.tuple(someText, anyText, texts()).map(([name, path, words]) => [
    { type: 'http', name, path: `/${path}`, headers: { Host: words } },
    { type: 'grpc', grpc_service: path },
    { type: 'script', command: [name, ...words, [...words, { secret: 's' }]] },
  ]),
  config: fc.tuple(texts(), map(someText)).map(([extra_hosts, sysctl]) => ({ extra_hosts, sysctl })),
})
/** A stack whose service `it` has any text in every field that takes one. */
export const anyStack = fc.record({ it: anyService, other: anyText }).map(({ it, other }) =>
  aStack({
    cluster: { region: `t${other}`, namespace: `t${other}` },
    secrets: { s: {} },
    volumes: {
      v: { type: 'docker', source: `t${other}`, driver: `t${other}`, options: { [`k${other}`]: other } },
    },
    services: {
      it: { ...it, sidecars: { s: { image: 's:1', volumes: [{ volume: 'v', to: `/v${other}` }] } } },
      db: { ...T, ports: { p: 1 } },
    },
  }),
)
